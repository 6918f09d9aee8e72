//! SHA-256 as the rules ask for it. The hashing itself is the caller's: the chain has a system call for it, tests a library.

/// A SHA-256 digest.
pub type Hash = [u8; 32];

/// What an empty tree and an empty subtree have for a hash.
pub const EMPTY: Hash = [0; 32];

/// SHA-256 (FIPS 180-4). The parts are one message, one after another; a system call takes them as they lie, without a copy.
///
/// ```
/// use tolldns_core::hash::{Hash, Sha256};
/// struct Library;
/// impl Sha256 for Library {
///     fn hash(parts: &[&[u8]]) -> Hash {
///         use sha2::Digest;
///         let mut hasher = sha2::Sha256::new();
///         parts.iter().for_each(|part| hasher.update(part));
///         hasher.finalize().into()
///     }
/// }
/// assert_eq!(Library::hash(&[b"a", b"bc"]), Library::hash(&[b"abc"]));
/// ```
pub trait Sha256 {
    fn hash(parts: &[&[u8]]) -> Hash;

    /// The same into a place that is there already: on chain, where copying 32 bytes costs half as much as hashing them, the system call writes to it.
    #[inline(always)]
    fn hash_into(parts: &[&[u8]], out: &mut Hash) {
        *out = Self::hash(parts);
    }
}
