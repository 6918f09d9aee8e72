//! `memcpy` and its kin, eight bytes at a time: SBF allows unaligned access and charges by the instruction. Raw pointers and volatile-free loops
//! that the compiler can't turn back into calls to themselves, because the target says `no-builtins`.

const WORD: usize = 8;

#[no_mangle]
pub unsafe extern "C" fn memcpy(to: *mut u8, from: *const u8, count: usize) -> *mut u8 {
    let mut at = 0;
    while at + WORD <= count {
        to.add(at).cast::<u64>().write_unaligned(from.add(at).cast::<u64>().read_unaligned());
        at += WORD;
    }
    while at < count {
        to.add(at).write(from.add(at).read());
        at += 1;
    }
    to
}

#[no_mangle]
pub unsafe extern "C" fn memmove(to: *mut u8, from: *const u8, count: usize) -> *mut u8 {
    // Forward copying in words is right whenever the target lies before the source, or not within it.
    if (to as usize) <= (from as usize) || (to as usize) >= (from as usize) + count {
        return memcpy(to, from, count);
    }
    let mut left = count;
    while left > 0 {
        left -= 1;
        to.add(left).write(from.add(left).read());
    }
    to
}

#[no_mangle]
pub unsafe extern "C" fn memset(to: *mut u8, value: i32, count: usize) -> *mut u8 {
    let word = u64::from(value as u8) * 0x0101_0101_0101_0101;
    let mut at = 0;
    while at + WORD <= count {
        to.add(at).cast::<u64>().write_unaligned(word);
        at += WORD;
    }
    while at < count {
        to.add(at).write(value as u8);
        at += 1;
    }
    to
}

#[no_mangle]
pub unsafe extern "C" fn memcmp(left: *const u8, right: *const u8, count: usize) -> i32 {
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
pub unsafe extern "C" fn bcmp(left: *const u8, right: *const u8, count: usize) -> i32 {
    memcmp(left, right, count)
}
