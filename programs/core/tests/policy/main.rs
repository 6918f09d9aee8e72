//! The rules of policy: the golden vectors that Rust and TypeScript share, and a million random sequences of reports.

mod health;
mod invariants;
mod sequence;
#[path = "../support"]
mod support {
    pub mod vectors;
}
mod vectors;
