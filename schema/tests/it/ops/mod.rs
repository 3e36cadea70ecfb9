//! The domain `ops`.
