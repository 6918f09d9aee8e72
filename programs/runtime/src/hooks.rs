//! std's zkvm backend asks its host for these. Nothing of std that would call them is used by a program; allocation goes through the program's own
//! global allocator.

/// Ends the program with an access violation, which the runtime reports as a failure.
fn stop() -> ! {
    loop {
        // SAFETY: there is no memory at address 0 in the program's address space; the read never returns.
        unsafe { core::ptr::null::<u8>().read_volatile() };
    }
}

#[no_mangle]
pub extern "C" fn sys_alloc_aligned(_bytes: usize, _align: usize) -> *mut u8 {
    core::ptr::null_mut()
}

#[no_mangle]
pub extern "C" fn sys_write(_file: u32, _bytes: *const u8, _count: usize) {}

#[no_mangle]
pub extern "C" fn sys_read(_file: u32, _bytes: *mut u8, _count: usize) -> usize {
    0
}

#[no_mangle]
pub extern "C" fn sys_rand(_words: *mut u32, _count: usize) {
    stop()
}

#[no_mangle]
pub extern "C" fn sys_log(_bytes: *const u8, _count: usize) {}

#[no_mangle]
pub extern "C" fn sys_getenv(_to: *mut u32, _words: usize, _name: *const u8, _count: usize) -> usize {
    usize::MAX
}

#[no_mangle]
pub extern "C" fn sys_argv(_to: *mut u32, _words: usize, _index: usize) -> usize {
    0
}

#[no_mangle]
pub extern "C" fn sys_argc() -> usize {
    0
}

#[no_mangle]
pub extern "C" fn sys_panic(_message: *const u8, _count: usize) -> ! {
    stop()
}

#[no_mangle]
pub extern "C" fn sys_halt(_code: u8, _state: *const [u32; 8]) -> ! {
    stop()
}
