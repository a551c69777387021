//! Direct contact: the one list of outcomes, and what each proves (process.md, "Words").

use serde::{Deserialize, Serialize};

/// How a person can be reached.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MeansKind {
    /// Face to face. Only people record it.
    InPerson,
    /// A telephone call.
    Call,
    /// A short message to a phone.
    Sms,
    /// Email.
    Email,
    /// A push message that rings a phone, through an ntfy server.
    Push,
    /// A signed HTTP request to a program of the organisation's.
    Webhook,
}

impl MeansKind {
    /// Whether people talk to each other by it, which the proof *spoken* needs.
    #[must_use]
    pub fn is_conversation(self) -> bool {
        match self {
            Self::InPerson | Self::Call => true,
            Self::Sms | Self::Email | Self::Push | Self::Webhook => false,
        }
    }

    /// Every kind, in the order in which a page offers them.
    pub const ALL: [Self; 6] = [Self::InPerson, Self::Call, Self::Sms, Self::Email, Self::Push, Self::Webhook];

    /// The word for it on pages and in the log.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::InPerson => "in person",
            Self::Call => "call",
            Self::Sms => "text",
            Self::Email => "email",
            Self::Push => "push",
            Self::Webhook => "webhook",
        }
    }
}

/// What came of trying to contact somebody.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Waits to be sent.
    Queued,
    /// Handed to the provider.
    Sent,
    /// The provider says that the device has it.
    Delivered,
    /// Rang, nobody answered.
    NoAnswer,
    /// Engaged.
    Busy,
    /// Voicemail, or a message with somebody else.
    MessageLeft,
    /// Not that person's number or address.
    WrongNumber,
    /// Could not be sent.
    Failed,
    /// A person was reached, by this proof.
    Reached(Proof),
}

/// The two proofs of direct contact.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Proof {
    /// An act behind that person's own login, personal link, chat account or reply code.
    Confirmed,
    /// A live conversation, stated by whoever had it, or a key pressed on a call that a person answered.
    Spoken,
}

impl Proof {
    /// Whether this proof settles a duty that needs `needed`. A conversation is more than a click:
    /// spoken satisfies a duty that asks for confirmed, never the other way round.
    #[must_use]
    pub fn satisfies(self, needed: Self) -> bool {
        self >= needed
    }

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Spoken => "spoken",
        }
    }
}

impl Outcome {
    /// The word for it, on pages, in the log and in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::NoAnswer => "no answer",
            Self::Busy => "busy",
            Self::MessageLeft => "message left",
            Self::WrongNumber => "wrong number",
            Self::Failed => "failed",
            Self::Reached(_) => "reached",
        }
    }

    /// The proof of direct contact that this outcome is. Everything short of *reached* is none:
    /// a message left, sent or delivered never counts (DIS-4).
    #[must_use]
    pub fn proof(self) -> Option<Proof> {
        match self {
            Self::Reached(proof) => Some(proof),
            Self::MessageLeft => planted!("voicemail-counts", None, Some(Proof::Spoken)),
            Self::Queued
            | Self::Sent
            | Self::Delivered
            | Self::NoAnswer
            | Self::Busy
            | Self::WrongNumber
            | Self::Failed => None,
        }
    }

    /// Whether nothing more can come of this attempt, so that waiting longer is pointless.
    #[must_use]
    pub fn is_dead_end(self) -> bool {
        match self {
            Self::NoAnswer | Self::Busy | Self::MessageLeft | Self::WrongNumber | Self::Failed => true,
            Self::Queued | Self::Sent | Self::Delivered | Self::Reached(_) => false,
        }
    }
}

/// What a person who was reached says to a summons.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// "I take it."
    Take,
    /// "I know": told, but somebody else must be found.
    Know,
    /// "I cannot": the chain goes on at once.
    Cannot,
}

impl Answer {
    /// The words of the button.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Take => "I take it",
            Self::Know => "I know",
            Self::Cannot => "I cannot",
        }
    }
}
