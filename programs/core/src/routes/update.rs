//! A route update: what its owner signs, and the hashes that stand for it.

use super::LEAF;
use crate::hash::{Hash, Sha256};

/// Tag of the domain.
pub const DOMAIN_TAG: &[u8; 18] = b"tolldns domain v1\0";
/// Tag of a record set's hash.
pub const RECORDS_TAG: &[u8; 19] = b"tolldns records v1\0";
/// Tag of an update.
pub const UPDATE_TAG: &[u8; 17] = b"tolldns route v1\0";
/// Tag of what is signed.
pub const SIGNED_TAG: &[u8; 14] = b"tolldns route\0";
/// Tag of the hash of who signed and how.
pub const AUTH_TAG: &[u8; 16] = b"tolldns auth v1\0";
/// Bytes of an update.
pub const UPDATE_BYTES: usize = 133;
/// Bytes of an update apart from tag and domain.
pub const BODY_BYTES: usize = 84;
/// Most bytes of a record set.
pub const MAX_RECORDS: usize = 4_096;

/// What a name's route shall be from the next epoch on. Times are Unix seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Update {
    pub name_hash: Hash,
    /// The name's registration it belongs to.
    pub generation: u32,
    /// At least 1, and above the last within the generation.
    pub version: u64,
    /// From then on the route is no answer.
    pub expires_at: u64,
    pub records_hash: Hash,
}

impl Update {
    /// `name hash 32 | generation u32 | version u64 | expires_at u64 | records hash 32`: what follows tag and domain, and what an instruction carries.
    pub fn encode_body(&self) -> [u8; BODY_BYTES] {
        let Self { name_hash, generation, version, expires_at, records_hash } = self;
        let mut bytes = [0; BODY_BYTES];
        bytes[..32].copy_from_slice(name_hash);
        bytes[32..36].copy_from_slice(&generation.to_le_bytes());
        bytes[36..44].copy_from_slice(&version.to_le_bytes());
        bytes[44..52].copy_from_slice(&expires_at.to_le_bytes());
        bytes[52..].copy_from_slice(records_hash);
        bytes
    }

    /// Reads what [`Update::encode_body`] wrote.
    pub fn read_body(bytes: &[u8; BODY_BYTES]) -> Self {
        Self {
            name_hash: part(bytes, 0),
            generation: u32::from_le_bytes(part(bytes, 32)),
            version: u64::from_le_bytes(part(bytes, 36)),
            expires_at: u64::from_le_bytes(part(bytes, 44)),
            records_hash: part(bytes, 52),
        }
    }

    /// `tag 17 | domain 32 | body 84`.
    pub fn encode(&self, domain: &Hash) -> [u8; UPDATE_BYTES] {
        let mut bytes = [0; UPDATE_BYTES];
        bytes[..17].copy_from_slice(UPDATE_TAG);
        bytes[17..49].copy_from_slice(domain);
        bytes[49..].copy_from_slice(&self.encode_body());
        bytes
    }

    /// Reads an update of this domain; `None` if it is of another, or no update.
    pub fn decode(bytes: &[u8], domain: &Hash) -> Option<Self> {
        let bytes: &[u8; UPDATE_BYTES] = bytes.try_into().ok()?;
        (bytes[..17] == *UPDATE_TAG && bytes[17..49] == *domain).then(|| Self::read_body(&part(bytes, 49)))
    }

    /// `update hash = SHA-256(tag | domain | body)`.
    pub fn hash<H: Sha256>(&self, domain: &Hash) -> Hash {
        H::hash(&[UPDATE_TAG, domain, &self.encode_body()])
    }

    /// What the map holds once the update is in it.
    pub fn entry<H: Sha256>(&self, domain: &Hash) -> Entry {
        Entry { generation: self.generation, version: self.version, update_hash: self.hash::<H>(domain) }
    }
}

/// What the map holds of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    pub generation: u32,
    pub version: u64,
    pub update_hash: Hash,
}

impl Entry {
    /// `leaf = SHA-256(0x00 | name hash 32 | generation u32 | version u64 | update hash 32)`.
    pub fn leaf<H: Sha256>(&self, name_hash: &Hash) -> Hash {
        let Self { generation, version, update_hash } = self;
        H::hash(&[LEAF, name_hash, &generation.to_le_bytes(), &version.to_le_bytes(), update_hash])
    }

    /// May `later` take this entry's place? Its registration is later, or the same and its version higher.
    pub fn is_before(&self, later: &Self) -> bool {
        (self.generation, self.version) < (later.generation, later.version)
    }
}

/// The highest version an update may have at this Unix second: its milliseconds. So whoever holds a name next can always go above what was signed
/// before, and neither a seller nor a dismissed delegate leaves a route that nobody can replace.
pub const fn max_version(at: u64) -> u64 {
    at.saturating_mul(1_000)
}

/// `domain = SHA-256(tag | genesis hash | QuorumConfig address)`.
pub fn domain<H: Sha256>(genesis_hash: &Hash, config: &[u8; 32]) -> Hash {
    H::hash(&[DOMAIN_TAG, genesis_hash, config])
}

/// `records hash = SHA-256(tag | records)`.
pub fn records_hash<H: Sha256>(records: &[u8]) -> Hash {
    H::hash(&[RECORDS_TAG, records])
}

/// What the signer signs: `tag | update hash`.
pub fn signed_message(update_hash: &Hash) -> [u8; 46] {
    let mut bytes = [0; 46];
    bytes[..14].copy_from_slice(SIGNED_TAG);
    bytes[14..].copy_from_slice(update_hash);
    bytes
}

/// `auth hash = SHA-256(tag | signer | signature)`: who signed and how, so that a wrong signature is provable.
pub fn auth_hash<H: Sha256>(signer: &[u8; 32], signature: &[u8; 64]) -> Hash {
    H::hash(&[AUTH_TAG, signer, signature])
}

/// `N` bytes at `at`; the caller knows that they are there.
#[inline(always)]
pub(super) fn part<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    let mut out = [0; N];
    out.copy_from_slice(&bytes[at..at + N]);
    out
}
