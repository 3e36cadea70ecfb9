//! What statements take, and sequences that come near their end.

row! {
    /// A statement that became slower.
    pub struct QueryRegression {
        /// Its id in pg_stat_statements.
        pub queryid: i64,
        /// Its mean time now over that of a week ago; above 1.
        pub ratio: f64,
        /// Its mean time in the last full hour.
        pub mean_seconds: f64,
        /// Its mean time in the same hour a week ago.
        pub mean_seconds_before: f64,
        /// Its calls in the last full hour.
        pub calls: i64,
        /// Its calls in the same hour a week ago.
        pub calls_before: i64,
    }

    /// How much of a sequence is used.
    pub struct SequenceState {
        /// Its schema.
        pub schema_name: String,
        /// Its name.
        pub sequence_name: String,
        /// The share of its numbers that are gone, from 0 to 1.
        pub used_ratio: f64,
    }
}

entries! {
    "ops";

    /// Adds to the current hour what statements have taken since the last run.
    fn query_history_record() -> none;

    /// Statements that became slower than at the same hour a week ago.
    fn query_regression_list(limit: i32) -> many<QueryRegression>;

    /// The sequences, the fullest first.
    fn sequence_list() -> many<SequenceState>;
}
