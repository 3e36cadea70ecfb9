//! How what a doctor found is told to people: a line for each thing that was looked at, and one below it with what to do.

/// Prints one. `width` is that of the widest name of a check.
pub fn print(level: &str, check: &str, width: usize, found: &str, next: &str) {
    println!("{level:<8}  {check:<width$}  {found}");
    if !next.is_empty() {
        println!("{:<8}  {:<width$}  next: {next}", "", "");
    }
}
