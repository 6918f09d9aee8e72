//! Every state of a lane against every operation on it.

use tolldns_core::{
    amounts::MAX_AMOUNT,
    lane::{Lane, Verdict, CLOSING, FREE, OPEN, REVOKED},
    Refusal,
};

const NOW: u64 = 1_000_000;
const GRACE: u32 = 7_201;
const DEADLINE: u64 = NOW + GRACE as u64;
const TODAY: u32 = (NOW / 86_400) as u32;

fn lane(state: u8) -> Lane {
    match state {
        FREE => Lane { generation: 3, ..Lane::default() },
        OPEN => Lane { reserve: 100, settled: 40, deadline: 0, generation: 3, state },
        _ => Lane { reserve: 100, settled: 40, deadline: DEADLINE, generation: 3, state },
    }
}

#[test]
fn a_free_row_opens_with_the_next_generation_and_no_other_row_does() {
    let opened = lane(FREE).open(10, 10).unwrap();
    assert_eq!(opened, Lane { reserve: 10, settled: 0, deadline: 0, generation: 4, state: OPEN });
    for state in [OPEN, REVOKED, CLOSING] {
        assert_eq!(lane(state).open(10, 10), Err(Refusal::LaneTaken));
    }
}

#[test]
fn a_row_opens_65535_times() {
    let last = Lane { generation: u16::MAX - 1, ..Lane::default() };
    assert_eq!(last.open(1, 0).unwrap().generation, u16::MAX);
    let retired = Lane { generation: u16::MAX, ..Lane::default() };
    assert_eq!(retired.open(1, 0), Err(Refusal::LaneRetired));
}

#[test]
fn a_reserve_is_an_amount_and_at_least_what_the_operator_asks() {
    assert_eq!(lane(FREE).open(0, 0), Err(Refusal::AmountZero));
    assert_eq!(lane(FREE).open(9, 10), Err(Refusal::ReserveBelowMinimum));
    assert_eq!(lane(FREE).open(MAX_AMOUNT + 1, 0), Err(Refusal::AmountTooLarge));
    assert_eq!(lane(FREE).open(MAX_AMOUNT, MAX_AMOUNT).unwrap().reserve, MAX_AMOUNT);
}

#[test]
fn only_an_open_lane_is_topped_up() {
    assert_eq!(lane(OPEN).top_up(5), Ok(Lane { reserve: 105, ..lane(OPEN) }));
    assert_eq!(lane(OPEN).top_up(0), Err(Refusal::AmountZero));
    assert_eq!(lane(OPEN).top_up(MAX_AMOUNT - 99), Err(Refusal::AmountTooLarge));
    for state in [FREE, REVOKED, CLOSING] {
        assert_eq!(lane(state).top_up(5), Err(Refusal::LaneNotOpen));
    }
}

#[test]
fn only_an_open_lane_is_revoked() {
    assert_eq!(lane(OPEN).revoke(NOW, GRACE), Ok(Lane { state: REVOKED, deadline: DEADLINE, ..lane(OPEN) }));
    for state in [FREE, REVOKED, CLOSING] {
        assert_eq!(lane(state).revoke(NOW, GRACE), Err(Refusal::LaneNotOpen));
    }
}

#[test]
fn a_new_key_needs_the_operator_until_a_revocation_has_run_out() {
    let fresh = |state| Ok(Lane { state: OPEN, deadline: 0, ..lane(state) });
    assert_eq!(lane(OPEN).rekey(NOW, true), fresh(OPEN));
    assert_eq!(lane(OPEN).rekey(DEADLINE, false), Err(Refusal::OperatorSignatureMissing));
    assert_eq!(lane(REVOKED).rekey(NOW, true), fresh(REVOKED));
    assert_eq!(lane(REVOKED).rekey(DEADLINE - 1, false), Err(Refusal::OperatorSignatureMissing));
    assert_eq!(lane(REVOKED).rekey(DEADLINE, false), fresh(REVOKED));
    for signed in [false, true] {
        assert_eq!(lane(CLOSING).rekey(DEADLINE, signed), Err(Refusal::LaneClosing));
        assert_eq!(lane(FREE).rekey(DEADLINE, signed), Err(Refusal::LaneFree));
    }
}

#[test]
fn closing_starts_a_deadline_or_keeps_the_one_that_runs() {
    let later = NOW + 50;
    assert_eq!(lane(OPEN).request_close(later, GRACE).unwrap().deadline, DEADLINE + 50);
    assert_eq!(lane(REVOKED).request_close(later, GRACE).unwrap().deadline, DEADLINE);
    assert_eq!(lane(CLOSING).request_close(later, GRACE), Err(Refusal::LaneClosing));
    assert_eq!(lane(FREE).request_close(later, GRACE), Err(Refusal::LaneFree));
}

#[test]
fn anyone_closes_at_the_deadline_and_the_operator_at_any_time() {
    let freed = Ok(lane(FREE));
    assert_eq!(lane(CLOSING).close(DEADLINE - 1, false), Err(Refusal::LaneNotDue));
    assert_eq!(lane(CLOSING).close(DEADLINE, false), freed);
    for state in [OPEN, REVOKED] {
        assert_eq!(lane(state).close(DEADLINE, false), Err(Refusal::LaneNotClosing));
    }
    for state in [OPEN, REVOKED, CLOSING] {
        assert_eq!(lane(state).close(NOW, true), freed);
    }
    assert_eq!(lane(FREE).close(NOW, true), Err(Refusal::LaneFree));
}

#[test]
fn a_voucher_is_judged_in_the_documented_order() {
    // Covered comes before everything but the row being free.
    for state in [OPEN, REVOKED, CLOSING] {
        assert_eq!(lane(state).judge(40, 0, DEADLINE), Ok(Verdict::Covered));
        assert_eq!(lane(state).judge(0, u32::MAX, DEADLINE), Ok(Verdict::Covered));
    }
    assert_eq!(lane(FREE).judge(0, TODAY, NOW), Err(Refusal::VoucherLaneFree));
    // Then the reserve, then the day, then the deadline.
    assert_eq!(lane(CLOSING).judge(101, 0, DEADLINE), Err(Refusal::VoucherOverReserve));
    assert_eq!(lane(CLOSING).judge(100, TODAY - 1, DEADLINE), Err(Refusal::VoucherExpired));
    assert_eq!(lane(OPEN).judge(100, u16::MAX as u32 + 1, NOW), Err(Refusal::VoucherExpired));
    assert_eq!(lane(CLOSING).judge(100, TODAY, DEADLINE), Err(Refusal::VoucherTooLate));
    assert_eq!(lane(REVOKED).judge(100, TODAY, DEADLINE), Err(Refusal::VoucherTooLate));
    for state in [OPEN, REVOKED, CLOSING] {
        assert_eq!(lane(state).judge(41, TODAY, DEADLINE - 1), Ok(Verdict::Due(1)));
        assert_eq!(lane(state).judge(100, TODAY, DEADLINE - 1), Ok(Verdict::Due(60)));
    }
}
