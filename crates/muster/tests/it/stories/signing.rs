//! An update is signed off.

use super::harness::{SMALL, Story};
use muster_core::contact::MeansKind;
use muster_core::incident::{Act, CommsAct};

/// The usual organisation, whose clients hear by mail what Ben, or else Rosa, has signed off.
fn managed() -> Story {
    let plan = "\n[[communications]]\naudience = \"Clients\"\nlevel = \"client\"\npeople = [\"root\"]\nupdate = \"what they see\"\n\
                through = \"email\"\nevery = { intense = \"2h\", steady = \"2h\", waiting = \"4h\" }\nauthor = \"im\"\n\
                signer = \"ben\"\ndeputy = \"root\"\ndeputy_after = \"10m\"\n";
    Story::managed(&format!("{SMALL}{plan}"))
}

fn draft(text: &str, update: Option<u32>) -> Act {
    let text = text.to_owned();
    Act::Communicate(CommsAct::DraftUpdate { update, row: 1, text, for_signing: true, corrects: None, seen: None })
}

// proves: COM-1 who signs an update off is told that it waits, the deputy from when it is theirs, and who sends it why it came back
#[test]
fn whoever_signs_is_told_that_an_update_waits() {
    let mut story = managed();
    story.act("ana", draft("Mail is away.", None)).unwrap();
    let asked = story.expect("ben", MeansKind::Email);
    assert!(asked.text.subject.contains("Update 1 for Clients waits for you to sign it off"), "{}", asked.text.subject);
    assert!(asked.text.body.contains("Mail is away.") && asked.text.body.contains("/comms"), "{}", asked.text.body);
    let deputy = story.expect("root", MeansKind::Email);
    assert!(deputy.text.body.contains("If that has not happened by 10:10 GMT, you may."), "{}", deputy.text.body);
    let back = CommsAct::ReturnUpdate { update: 1, reason: "Say since when".into() };
    story.act("ben", Act::Communicate(back)).unwrap();
    let back = story.expect("ana", MeansKind::Email);
    assert!(back.text.body.contains("Ben Tallis writes: Say since when."), "{}", back.text.body);
    story.expect_silence();
}
