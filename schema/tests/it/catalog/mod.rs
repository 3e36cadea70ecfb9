//! The domain `catalog`.
