//! Positions in the write-ahead log, by which a reader knows whether a standby has what it must see.

row! {
    /// How far the log is written.
    pub struct LogPosition {
        /// Bytes since its beginning.
        pub log_position: i64,
    }
}

row! {
    /// Whether a server has got so far.
    pub struct LogReached {
        /// Can everything up to there be seen?
        pub is_reached: bool,
    }
}

entries! {
    "ops";

    /// Everything that was committed before this call lies before this position.
    fn log_position() -> one<LogPosition>;

    /// Whether everything before a position can be seen where this is asked.
    fn log_reached(position: i64) -> one<LogReached>;
}
