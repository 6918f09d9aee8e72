//! tests/vectors/policy.json, which TypeScript is held to as well.

use serde_json::Value;
use sha2::{Digest, Sha256};
use tolldns_core::policy::{
    quorum::{grade, verdict, Masks, Seat},
    terms::PolicyTerms,
    transition::{share_bps, step, After, Run, Runs, Standing, State, Verdict, TABLE},
};

use super::sequence::play;

fn rows(group: &str) -> Vec<Value> {
    super::support::vectors::rows("policy.json", group)
}

/// A number, or a decimal string where it may not fit one.
fn number<T: TryFrom<u64>>(value: &Value) -> T {
    let number = value.as_u64().or_else(|| value.as_str()?.parse().ok()).expect("a number");
    T::try_from(number).ok().expect("a number that fits")
}

fn terms(row: &Value) -> PolicyTerms {
    let row = &row["terms"];
    PolicyTerms {
        window: number(&row["window"]),
        report: number(&row["report"]),
        dwell: number(&row["dwell"]),
        roster: number(&row["roster"]),
        enrol: number(&row["enrol"]),
        evidence: number(&row["evidence"]),
        strike: number(&row["strike"]),
        quorum_bps: number(&row["quorum_bps"]),
        poor_bps: number(&row["poor_bps"]),
        bad_bps: number(&row["bad_bps"]),
        operators: number(&row["operators"]),
        regions: number(&row["regions"]),
        networks: number(&row["networks"]),
        degrade_after: number(&row["degrade_after"]),
        disable_after: number(&row["disable_after"]),
        recover_after: number(&row["recover_after"]),
        restore_after: number(&row["restore_after"]),
        least_probes: number(&row["least_probes"]),
        seats: number(&row["seats"]),
    }
}

fn state(value: &Value) -> State {
    match value.as_str().unwrap() {
        "healthy" => State::Healthy,
        "degraded" => State::Degraded,
        "disabled" => State::Disabled,
        "recovering" => State::Recovering,
        other => panic!("{other}"),
    }
}

fn said(value: &Value) -> Verdict {
    match value.as_str().unwrap() {
        "unknown" => Verdict::Unknown,
        "clean" => Verdict::Clean,
        "poor" => Verdict::Poor,
        "bad" => Verdict::Bad,
        other => panic!("{other}"),
    }
}

fn standing(row: &Value) -> Standing {
    let runs = &row["runs"];
    Standing {
        state: state(&row["state"]),
        since: number(&row["since"]),
        runs: Runs { poor: number(&runs[0]), bad: number(&runs[1]), clean: number(&runs[2]) },
        judged: number(&row["judged"]),
        verdict: said(&row["verdict"]),
        transitions: number(&row["transitions"]),
    }
}

#[test]
fn terms_are_refused_alike() {
    for row in rows("terms") {
        let refusal = terms(&row).check().err().map(|refusal| refusal as u64);
        assert_eq!(refusal, row["refusal"].as_u64(), "{row}");
    }
}

#[test]
fn windows_have_the_same_times() {
    for row in rows("windows") {
        let (terms, begin) = (terms(&row), number::<u64>(&row["begin"]));
        assert_eq!(terms.begin_of(number(&row["time"])), begin, "{row}");
        assert_eq!(terms.end_of(begin), number::<u64>(&row["end"]), "{row}");
        assert_eq!(terms.reports_until(begin), number::<u64>(&row["reports_until"]), "{row}");
        assert_eq!(terms.evidence_until(begin), number::<u64>(&row["evidence_until"]), "{row}");
    }
}

#[test]
fn reports_say_the_same() {
    for row in rows("grades") {
        let graded = grade(number(&row["total"]), number(&row["ok"]), &terms(&row));
        assert_eq!(graded, said(&row["verdict"]), "{row}");
    }
}

#[test]
fn windows_are_judged_alike() {
    for row in rows("verdicts") {
        let seats = row["seats"].as_array().unwrap().iter().map(|seat| Seat {
            weight: number(&seat["weight"]),
            region: number(&seat["region"]),
            network: number(&seat["network"]),
            struck: seat["struck"].as_bool().unwrap(),
        });
        let masks =
            Masks { clean: number(&row["clean"]), poor: number(&row["poor"]), bad: number(&row["bad"]) };
        let told = verdict(seats, &masks, &terms(&row));
        assert_eq!(told.verdict, said(&row["verdict"]), "{row}");
        for (place, weight) in [told.clean, told.poor, told.bad, told.total].into_iter().enumerate() {
            assert_eq!(weight.to_string(), row["weights"][place].as_str().unwrap(), "{row}");
        }
    }
}

#[test]
fn the_tables_are_one() {
    let rows = rows("table");
    assert_eq!(rows.len(), TABLE.len());
    for (row, expected) in TABLE.iter().zip(&rows) {
        let from: Vec<State> = expected["from"].as_array().unwrap().iter().map(state).collect();
        assert_eq!(row.from, from);
        assert_eq!(row.to, state(&expected["to"]));
        let run = [(Run::Poor, "poor"), (Run::Bad, "bad"), (Run::Clean, "clean")];
        assert!(run.iter().any(|(run, name)| *run == row.run && expected["run"] == *name));
        let after = [
            (After::Degrade, "degrade"),
            (After::Disable, "disable"),
            (After::Recover, "recover"),
            (After::Restore, "restore"),
        ];
        assert!(after.iter().any(|(after, name)| *after == row.after && expected["after"] == *name));
    }
}

#[test]
fn targets_are_moved_alike() {
    for row in rows("steps") {
        let (begin, from) = (number(&row["begin"]), number(&row["from"]));
        let outcome = step(&standing(&row["before"]), begin, said(&row["verdict"]), &terms(&row), from);
        match outcome {
            Err(refusal) => assert_eq!(Some(refusal as u64), row["refusal"].as_u64(), "{row}"),
            Ok((after, moved)) => {
                assert!(row["refusal"].is_null(), "{row}");
                assert_eq!(after, standing(&row["after"]), "{row}");
                assert_eq!(Some(moved.is_some()), row["moved"].as_bool(), "{row}");
            }
        }
    }
}

#[test]
fn ramps_climb_alike() {
    for row in rows("shares") {
        let terms = PolicyTerms {
            recover_after: number(&row["recover_after"]),
            restore_after: number(&row["restore_after"]),
            ..PolicyTerms::DEFAULT
        };
        assert_eq!(share_bps(number(&row["clean"]), &terms), number::<u16>(&row["bps"]), "{row}");
    }
}

#[test]
fn random_sequences_end_alike() {
    for row in rows("sequences") {
        let first: u32 = number(&row["first"]);
        let mut hasher = Sha256::new();
        for sequence in first..first + number::<u32>(&row["count"]) {
            play(number(&row["seed"]), sequence, &mut |window| hasher.update(window.bytes()));
        }
        let hash: String = hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(row["hash"], hash, "{row}");
    }
}
