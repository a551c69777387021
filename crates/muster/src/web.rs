//! The pages: what they show ([`view`]) and the files they use ([`assets`]).

pub mod assets;
pub mod error;
pub mod guard;
pub mod view;
