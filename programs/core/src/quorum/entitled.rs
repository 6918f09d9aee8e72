//! Who may sign a name's routes in an epoch: its authority at the freeze, or that authority's delegate. Chain state read later tells it, or leaves it open; what is
//! open proves nothing against anybody.

use crate::{hash::Hash, names::authority::Authority};

/// The moment an epoch was frozen: slot, and Unix seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Freeze {
    pub slot: u64,
    pub at: u64,
}

/// A name as its account tells it now. Times are Unix seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holding {
    pub generation: u32,
    pub registered_at: u64,
    /// Within a generation it only rises.
    pub expires_at: u64,
    pub authority: Authority,
}

/// A delegate's record as it is now. It outlives its appointment by longer than any epoch and window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appointment {
    pub generation: u32,
    pub appointed_by: [u8; 32],
    /// Of the last appointment.
    pub appointed_slot: u64,
    /// 0 while it lasts.
    pub ended_slot: u64,
    /// Unix seconds.
    pub expires_at: u64,
    pub for_routes: bool,
}

/// What can be said of a signer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entitled {
    /// It was entitled, if the name was held at the freeze.
    Yes,
    No,
    /// It can't be told any more.
    Unknown,
}

impl Appointment {
    fn entitles(&self, generation: u32, authority: &[u8; 32], freeze: &Freeze) -> Entitled {
        if self.appointed_slot > freeze.slot {
            // What was before this appointment is written over.
            return Entitled::Unknown;
        }
        let ended = self.ended_slot != 0 && self.ended_slot <= freeze.slot;
        let current = self.generation == generation && self.appointed_by == *authority && self.for_routes;
        if current && !ended && freeze.at < self.expires_at {
            Entitled::Yes
        } else {
            Entitled::No
        }
    }
}

/// Could this signer sign routes of the name's `generation` at the freeze? `holding` is `None` where the name has never been registered, `appointment` where there never
/// was one of this signer.
pub fn entitled(
    signer: &Hash,
    generation: u32,
    freeze: &Freeze,
    holding: Option<&Holding>,
    appointment: Option<&Appointment>,
) -> Entitled {
    let Some(holding) = holding else { return Entitled::No };
    if generation > holding.generation || generation == 0 {
        return Entitled::No;
    }
    if holding.registered_at >= freeze.at {
        // Registered anew since: what held at the freeze is written over.
        return Entitled::Unknown;
    }
    if generation != holding.generation || holding.expires_at <= freeze.at {
        return Entitled::No;
    }
    let Some(authority) = holding.authority.at(freeze.slot) else { return Entitled::Unknown };
    if authority == *signer {
        return Entitled::Yes;
    }
    appointment.map_or(Entitled::No, |appointment| appointment.entitles(generation, &authority, freeze))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALICE: [u8; 32] = [1; 32];
    const BOB: [u8; 32] = [2; 32];
    const CAROL: [u8; 32] = [3; 32];
    const FREEZE: Freeze = Freeze { slot: 100, at: 1_000 };
    const NAME: Holding = Holding {
        generation: 2,
        registered_at: 999,
        expires_at: 1_001,
        authority: Authority { current: ALICE, since: 100, previous: BOB, previous_since: 50 },
    };
    const DELEGATE: Appointment = Appointment {
        generation: 2,
        appointed_by: ALICE,
        appointed_slot: 100,
        ended_slot: 0,
        expires_at: 1_001,
        for_routes: true,
    };

    fn of(signer: &[u8; 32], holding: Holding) -> Entitled {
        entitled(signer, 2, &FREEZE, Some(&holding), None)
    }

    fn by(appointment: Appointment) -> Entitled {
        entitled(&CAROL, 2, &FREEZE, Some(&NAME), Some(&appointment))
    }

    #[test]
    fn the_authority_at_the_freeze_signs_and_nobody_else() {
        assert_eq!(of(&ALICE, NAME), Entitled::Yes);
        assert_eq!(of(&BOB, NAME), Entitled::No);
        let since = |authority| Holding { authority, ..NAME };
        let later = Authority { since: 101, ..NAME.authority };
        let changed = since(later);
        assert_eq!(of(&ALICE, changed), Entitled::No);
        assert_eq!(of(&BOB, changed), Entitled::Yes);
        let twice = since(Authority { previous_since: 101, ..later });
        assert_eq!(of(&ALICE, twice), Entitled::Unknown);
        assert_eq!(of(&CAROL, twice), Entitled::Unknown);
        assert_eq!(of(&BOB, since(Authority { previous: [0; 32], ..later })), Entitled::Unknown);
    }

    #[test]
    fn another_registration_entitles_nobody_and_a_later_one_leaves_it_open() {
        let at = |generation| entitled(&ALICE, generation, &FREEZE, Some(&NAME), None);
        assert_eq!([at(0), at(1), at(3)], [Entitled::No; 3]);
        assert_eq!(of(&ALICE, Holding { registered_at: 1_000, ..NAME }), Entitled::Unknown);
        assert_eq!(of(&ALICE, Holding { expires_at: 1_000, ..NAME }), Entitled::No);
        assert_eq!(entitled(&ALICE, 1, &FREEZE, None, None), Entitled::No);
    }

    #[test]
    fn a_delegate_signs_from_its_appointment_to_its_end() {
        assert_eq!(by(DELEGATE), Entitled::Yes);
        assert_eq!(by(Appointment { appointed_slot: 101, ..DELEGATE }), Entitled::Unknown);
        assert_eq!(by(Appointment { ended_slot: 101, ..DELEGATE }), Entitled::Yes);
        assert_eq!(by(Appointment { ended_slot: 100, ..DELEGATE }), Entitled::No);
        assert_eq!(by(Appointment { expires_at: 1_000, ..DELEGATE }), Entitled::No);
        assert_eq!(by(Appointment { generation: 1, ..DELEGATE }), Entitled::No);
        assert_eq!(by(Appointment { appointed_by: BOB, ..DELEGATE }), Entitled::No);
        assert_eq!(by(Appointment { for_routes: false, ..DELEGATE }), Entitled::No);
    }
}
