use anchor_lang::prelude::*;
use tolldns_core::policy::terms::PolicyTerms;

/// The program's one configuration, at `["policy"]`.
#[account]
pub struct PolicyConfig {
    pub version: u8,
    pub bump: u8,
    /// 0 or 1.
    pub paused: u8,
    /// Terms: operators, regions, networks; degrade, disable, recover and restore after, windows in a row; seats.
    pub counts: [u8; 8],
    pub reserved: u8,
    /// Terms: quorum, poor and bad in basis points; least probes.
    pub shares: [u16; 4],
    /// Terms, seconds: window, report, dwell, roster, enrol, evidence, strike.
    pub times: [u32; 7],
    /// Unix seconds: the terms hold for windows that begin then or later.
    pub terms_from: u64,
    /// Unix seconds: until then a round made under earlier terms may be challenged.
    pub evidence_floor: u64,
    /// What everything signed about health contains.
    pub domain: [u8; 32],
    pub stake_program: Address,
    pub authority: Address,
    /// All zero when nobody is proposed.
    pub pending_authority: Address,
    pub guardian: Address,
    pub set_root: [u8; 32],
    /// Unix seconds: the set holds for windows that begin then or later.
    pub set_from: u64,
    /// 0 while none was published.
    pub set_version: u32,
    pub set_count: u16,
    pub reserved_set: u16,
    /// The set before, for windows that began before `set_from`.
    pub previous_set_root: [u8; 32],
    pub previous_set_from: u64,
    pub previous_set_version: u32,
    pub previous_set_count: u16,
    pub reserved_previous: u16,
    /// Number of the newest roster; 0 before the first.
    pub rosters: u64,
    /// Of the newest roster, Unix seconds.
    pub enrolment_ends: u64,
    pub roster_ends: u64,
    /// Registered ones.
    pub targets: u64,
}

const _: () = assert!(core::mem::size_of::<PolicyConfig>() == 352);
const _: () = assert!(core::mem::offset_of!(PolicyConfig, counts) == 3);
const _: () = assert!(core::mem::offset_of!(PolicyConfig, shares) == 12);
const _: () = assert!(core::mem::offset_of!(PolicyConfig, times) == 20);
const _: () = assert!(core::mem::offset_of!(PolicyConfig, terms_from) == 48);

tolldns_common::administered!(PolicyConfig);

/// A challenge set, as a round keeps it; all zero for none.
#[derive(Clone, Copy, Default)]
pub struct Set {
    pub root: [u8; 32],
    pub version: u32,
    pub count: u16,
}

impl PolicyConfig {
    pub fn terms(&self) -> PolicyTerms {
        PolicyTerms::of(self.times, self.shares, self.counts)
    }

    pub fn set_terms(&mut self, terms: PolicyTerms, now: u64) {
        (self.times, self.shares, self.counts) = terms.parts();
        self.terms_from = now;
    }

    /// The set of windows that begin from now on; the one there was holds for those that began before.
    pub fn publish(&mut self, set: Set, now: u64) {
        self.previous_set_root = self.set_root;
        self.previous_set_from = self.set_from;
        self.previous_set_version = self.set_version;
        self.previous_set_count = self.set_count;
        self.set_root = set.root;
        self.set_from = now;
        self.set_version = set.version;
        self.set_count = set.count;
    }

    /// The set that was to be used in a window that began then.
    pub fn set_at(&self, begin: u64) -> Set {
        if self.set_version != 0 && begin >= self.set_from {
            Set { root: self.set_root, version: self.set_version, count: self.set_count }
        } else if self.previous_set_version != 0 && begin >= self.previous_set_from {
            Set {
                root: self.previous_set_root,
                version: self.previous_set_version,
                count: self.previous_set_count,
            }
        } else {
            Set::default()
        }
    }
}
