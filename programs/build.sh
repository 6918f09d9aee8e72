#!/usr/bin/env bash
# Builds the programs to Solana bytecode (sBPF v3) with stock Rust, and their IDLs.
#
#   programs/build.sh            writes a .so and an IDL of each program and SHA256SUMS to programs/artifacts, and tests/programs/fixture/fixture.so
#   programs/build.sh --check    builds afresh into a temporary folder and compares byte for byte; exits 1 on a difference
#
# Installs the pinned compiler and linker if they are absent. See docs/decisions/0011-stock-rust-build.md for why each flag is there.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
artifacts=$root/programs/artifacts
fixture=$root/tests/programs/fixture/fixture.so
toolchain=nightly-2026-08-21
linker_version=0.2.6
programs=(escrow names stake quorum policy)
check=false
case "${1:-}" in
  --check) check=true ;;
  '') ;;
  *) echo "usage: programs/build.sh [--check]" >&2; exit 2 ;;
esac

say() { printf '%s\n' "$*" >&2; }

install_tools() {
  if ! command -v rustup >/dev/null; then
    say "rustup is needed: https://rustup.rs"
    exit 1
  fi
  if ! rustup run "$toolchain" rustc --version >/dev/null 2>&1 ||
    ! rustup component list --toolchain "$toolchain" --installed | grep -q rust-src; then
    rustup toolchain install "$toolchain" --profile minimal --component rust-src
  fi
  if ! cargo install --list | grep -q "^sbpf-linker v$linker_version:"; then
    cargo "+$toolchain" install sbpf-linker --version "$linker_version" --locked
  fi
}

# The flags go in with a separator that no path contains, so that a checkout may lie anywhere.
encoded_flags() {
  local cargo_home=${CARGO_HOME:-$HOME/.cargo} sysroot
  sysroot=$(rustc "+$toolchain" --print sysroot)
  local flags=(
    -C linker=sbpf-linker
    -C relocation-model=static
    -C link-arg=--export=__multi3,memcpy,memmove,memset,memcmp,bcmp
    -C link-arg=--llvm-args=--bpf-stack-size=4096
    -C link-arg=--llvm-args=--bpf-allows-libcalls
    -C link-arg=--llvm-args=--disable-gotox
    -C link-arg=--arch=v3
    -C panic=immediate-abort -Z unstable-options -C passes=lower-atomic
    -A explicit_builtin_cfgs_in_flags
    --cfg 'target_os="solana"' --cfg 'target_arch="csky"'
    "--remap-path-prefix=$root=." "--remap-path-prefix=$cargo_home=cargo" "--remap-path-prefix=$sysroot=rust"
  )
  local IFS=$'\x1f'
  printf '%s' "${flags[*]}"
}

# $1: package, $2: where cargo works, $3: the .so to write
build_bytecode() {
  (
    cd "$root"
    CARGO_ENCODED_RUSTFLAGS=$(encoded_flags) RUSTC_BOOTSTRAP_SYNTHETIC_TARGET=1 CARGO_TARGET_DIR=$2 \
      cargo "+$toolchain" build --release --locked --package "tolldns-$1" \
      --target programs/sbpf-solana.json -Z json-target-spec -Z build-std=std,panic_abort
  )
  cp "$2/sbpf-solana/release/lib$1.so" "$3"
}

# Anchor prints the IDL in parts from tests of the crate. $1: program, $2: the folder where the whole goes
build_idl() {
  (
    cd "$root"
    CARGO_TARGET_DIR=$root/target cargo test --locked --package "tolldns-$1" --features idl-build --lib -- \
      --show-output --quiet --test-threads=1 __anchor_private_print_idl
  ) | node "$root/programs/merge-idl.mjs" >"$2/$1.json"
}

# $1: where cargo works, $2: the folder of the artifacts, $3: the fixture's .so
build_all() {
  local program files=()
  for program in "${programs[@]}"; do
    build_bytecode "$program" "$1" "$2/$program.so"
    build_idl "$program" "$2"
    files+=("$program.so" "$program.json")
  done
  build_bytecode fixture "$1" "$3"
  (cd "$2" && sha256sum "${files[@]}" >SHA256SUMS)
}

install_tools
if $check; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  mkdir "$work/artifacts"
  build_all "$work/target" "$work/artifacts" "$work/fixture.so"
  compare() {
    if ! cmp "$1" "$2"; then
      say "${2#"$root/"} is not what the source builds"
      exit 1
    fi
  }
  for file in "$work/artifacts"/*; do
    compare "$file" "$artifacts/${file##*/}"
  done
  compare "$work/fixture.so" "$fixture"
  say "the committed bytecode and IDL are what the source builds"
else
  mkdir -p "$artifacts"
  build_all "$root/target/sbpf" "$artifacts" "$fixture"
  cat "$artifacts/SHA256SUMS"
fi
