//! `memcpy` and its kin, eight bytes at a time: SBF allows unaligned access and charges by the instruction. Raw pointers and volatile-free loops
//! that the compiler can't turn back into calls to themselves, because the target says `no-builtins`.

use core::ffi::c_void;

const WORD: usize = 8;

#[no_mangle]
pub unsafe extern "C" fn memcpy(to: *mut c_void, from: *const c_void, count: usize) -> *mut c_void {
    let (into, from) = (to.cast::<u8>(), from.cast::<u8>());
    let mut at = 0;
    while at + WORD <= count {
        into.add(at).cast::<u64>().write_unaligned(from.add(at).cast::<u64>().read_unaligned());
        at += WORD;
    }
    while at < count {
        into.add(at).write(from.add(at).read());
        at += 1;
    }
    to
}

#[no_mangle]
pub unsafe extern "C" fn memmove(to: *mut c_void, from: *const c_void, count: usize) -> *mut c_void {
    // Forward copying in words is right whenever the target lies before the source, or not within it.
    if (to as usize) <= (from as usize) || (to as usize) >= (from as usize) + count {
        return memcpy(to, from, count);
    }
    let (into, from) = (to.cast::<u8>(), from.cast::<u8>());
    let mut left = count;
    while left > 0 {
        left -= 1;
        into.add(left).write(from.add(left).read());
    }
    to
}

#[no_mangle]
pub unsafe extern "C" fn memset(to: *mut c_void, value: i32, count: usize) -> *mut c_void {
    let into = to.cast::<u8>();
    let word = u64::from(value as u8) * 0x0101_0101_0101_0101;
    let mut at = 0;
    while at + WORD <= count {
        into.add(at).cast::<u64>().write_unaligned(word);
        at += WORD;
    }
    while at < count {
        into.add(at).write(value as u8);
        at += 1;
    }
    to
}

#[no_mangle]
pub unsafe extern "C" fn memcmp(left: *const c_void, right: *const c_void, count: usize) -> i32 {
    let (left, right) = (left.cast::<u8>(), right.cast::<u8>());
    let mut at = 0;
    while at + WORD <= count
        && left.add(at).cast::<u64>().read_unaligned() == right.add(at).cast::<u64>().read_unaligned()
    {
        at += WORD;
    }
    while at < count {
        let (a, b) = (left.add(at).read(), right.add(at).read());
        if a != b {
            return i32::from(a) - i32::from(b);
        }
        at += 1;
    }
    0
}

#[no_mangle]
pub unsafe extern "C" fn bcmp(left: *const c_void, right: *const c_void, count: usize) -> i32 {
    memcmp(left, right, count)
}
