//! Bugs that are switched on one at a time: the auditor must find each within its budget of seeds, the seed that found it
//! must show it again, bit for bit, and find nothing without it. What seldom happens is looked for in runs in which it
//! happens often.

use super::often::Often;
use super::run::Run;
use muster_core::planted::switch_on;

/// Seeds that may be needed to find a bug.
const BUDGET: u64 = 12;
/// Steps of each run.
const STEPS: usize = 60;

macro_rules! bugs {
    ($($test:ident $name:literal $($often:ident)?,)+) => {$(
        #[test]
        fn $test() {
            let often: &[Often] = &[$(Often::$often)?];
            is_found($name, often.first().copied());
        }
    )+};
}

bugs! {
    a_voicemail_that_counts_is_seen "voicemail-counts",
    a_cannot_that_waits_is_seen "cannot-waits",
    a_second_incident_manager_is_seen "second-manager",
    a_deadline_lost_in_a_gap_is_seen "gap-loses-due",
    a_wait_that_a_gap_eats_is_seen "gap-not-forgiven",
    a_signal_counted_twice_is_seen "counts-twice",
    a_lost_recovery_is_seen "recovery-is-lost",
    a_row_done_but_never_sent_is_seen "done-unsent",
    a_lease_that_never_ends_is_seen "lease-never-ends",
    a_ledger_that_forgets_is_seen "ledger-forgets",
    a_second_reminder_is_seen "reminds-twice",
    a_summons_that_stops_after_one_round_is_seen "one-round-only",
    a_duty_due_from_receipt_is_seen "due-from-receipt",
    a_triage_that_hurries_nobody_is_seen "triage-hurries-nobody" Triage,
    a_suspicion_that_nobody_judges_is_seen "suspected-for-ever",
    a_join_out_of_time_is_seen "joins-for-ever",
    an_incident_opened_too_soon_is_seen "opens-too-soon",
    a_disruption_over_somebodys_head_is_seen "disrupts-at-once",
    a_claim_that_never_ends_is_seen "claims-for-ever",
    a_clock_that_goes_back_in_a_log_is_seen "time-goes-back",
    a_click_that_counts_as_a_conversation_is_seen "click-tells" Answer,
    a_list_that_nobody_calls_is_seen "never-calls",
    an_owner_who_is_forgotten_is_seen "owner-forgotten",
    a_communicator_whom_nobody_wants_is_seen "speaks-never",
    a_duty_settled_by_the_last_who_was_told_is_seen "told-by-the-last",
    a_duty_owed_since_before_it_was_is_seen "owed-since-ever",
    a_conference_that_is_forgotten_is_seen "conference-forgotten",
    a_follow_up_that_forgets_people_is_seen "follow-up-forgets" Restore,
    a_level_that_is_told_too_early_is_seen "level-too-early",
    a_call_that_is_off_and_nobody_hears_is_seen "cancels-quietly" Meet,
    somebody_who_joins_twice_is_seen "joins-twice" Meet,
    administrators_who_see_what_is_restricted_are_seen "administrators-see" Restrict,
    half_a_link_is_seen "half-a-link",
    one_of_two_that_is_restricted_alone_is_seen "one-of-two-restricted" Restrict,
    a_search_that_waits_for_the_clock_is_seen "waits-for-the-clock",
    a_message_that_waits_for_the_clock_is_seen "sends-by-the-clock",
    an_alert_that_waits_for_the_clock_is_seen "watches-by-the-clock",
    an_update_that_surprises_management_is_seen "surprises" Publish,
    somebody_who_speaks_and_has_left_is_seen "speaks-from-afar" Leave,
    an_end_of_which_nobody_hears_is_seen "closes-in-silence" Close,
    calls_that_go_on_after_somebody_was_told_are_seen "told-calls-on",
}

fn is_found(name: &'static str, often: Option<Often>) {
    let run = |seed| Run::new(seed).often(often).go(STEPS);
    switch_on(Some(name));
    let found = (1..=BUDGET).find_map(|seed| run(seed).err().map(|broken| (seed, broken)));
    let Some((seed, broken)) = found else { panic!("{name} was not found in {BUDGET} runs") };
    println!("planted {name}: found by seed {seed}, trace {}: {}", broken.digest, broken.finding);
    let Err(again) = run(seed) else { panic!("seed {seed} does not show {name} again") };
    assert_eq!((again.digest, again.finding), (broken.digest, broken.finding), "seed {seed} is not reproducible");
    switch_on(None);
    let without = run(seed).err().map(|other| other.finding);
    assert_eq!(without, None, "seed {seed} finds something without {name}, too");
}
