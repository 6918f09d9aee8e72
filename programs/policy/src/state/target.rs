use anchor_lang::prelude::*;
use tolldns_common::fault::OrRefuse;
use tolldns_core::policy::transition::{Runs, Standing, State, Verdict};

/// One backend or gateway, at `["target", id]`. Nobody owns it.
#[account]
pub struct Target {
    pub version: u8,
    pub bump: u8,
    /// 1 backend, 2 gateway.
    pub kind: u8,
    pub name_length: u8,
    /// 1 HEALTHY, 2 DEGRADED, 3 DISABLED, 4 RECOVERING.
    pub state: u8,
    /// Of the last window judged: 0 UNKNOWN, 1 CLEAN, 2 POOR, 3 BAD.
    pub verdict: u8,
    /// Windows in a row, as the two that follow.
    pub poor: u8,
    pub bad: u8,
    pub clean: u8,
    pub reserved: [u8; 7],
    /// Unix seconds: the end of the window that moved it, or its registration.
    pub since: u64,
    /// Begin of the last window judged, Unix seconds; 0 before the first.
    pub judged: u64,
    /// End of the last window judged that was not UNKNOWN, Unix seconds; 0 before the first. How old the state is follows from it.
    pub judged_end: u64,
    /// How often the state has changed.
    pub transitions: u64,
    /// Unix seconds.
    pub registered_at: u64,
    /// Of the last report, Unix seconds; at first of the registration.
    pub reported_at: u64,
    pub id: [u8; 32],
    /// Who paid for the account and gets it back.
    pub payer: Address,
    /// Of the last transition; zeroes before the first.
    pub evidence_root: [u8; 32],
    /// `name_length` bytes, then zeroes. In rows of 32, which is what the IDL's reader can lay out.
    pub name: [[u8; 32]; 4],
}

const _: () = assert!(core::mem::size_of::<Target>() == 288);

impl Target {
    pub fn standing(&self) -> Result<Standing> {
        let Self { state, since, poor, bad, clean, judged, verdict, transitions, .. } = *self;
        Ok(Standing {
            state: State::of(state).or_refuse()?,
            since,
            runs: Runs { poor, bad, clean },
            judged,
            verdict: Verdict::of(verdict).or_refuse()?,
            transitions,
        })
    }

    pub fn set_standing(&mut self, standing: Standing) {
        let Standing { state, since, runs, judged, verdict, transitions } = standing;
        self.state = state as u8;
        self.since = since;
        self.poor = runs.poor;
        self.bad = runs.bad;
        self.clean = runs.clean;
        self.judged = judged;
        self.verdict = verdict as u8;
        self.transitions = transitions;
    }

    /// Writes a name, whose length was checked.
    pub fn set_name(&mut self, name: &[u8]) {
        self.name = [[0; 32]; 4];
        self.name.as_flattened_mut()[..name.len()].copy_from_slice(name);
        self.name_length = name.len() as u8;
    }
}
