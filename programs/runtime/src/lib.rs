//! The floor under a program built with stock Rust (`programs/build.sh`). `anchor build` brings its own, so all of this exists only for the
//! `bpf` target: the memory functions the compiler calls, and the hooks std's zkvm backend links against. A program has no files, no arguments
//! and no entropy; each hook says so.
#![no_std]
#![cfg_attr(target_arch = "bpf", allow(clippy::missing_safety_doc))]

#[cfg(target_arch = "bpf")]
mod hooks;
#[cfg(target_arch = "bpf")]
mod memory;
