//! Handlers of the pages: each extracts, performs and renders.
//!
//! [`frame`] holds what every page shares, [`typed`] reads every form, [`phrases`] has their words. What a
//! page shows is computed from core's state by pure functions beside its handler, so that it can be tested
//! without a server.

pub mod acts;
pub mod alerts;
pub mod attachments;
pub mod beside;
pub mod blank;
pub mod comms;
pub mod declare;
pub mod draw;
pub mod form;
pub mod frame;
pub mod incident;
pub mod incidents;
pub mod kept;
pub mod link;
pub mod links;
pub mod meetings;
pub mod menu;
pub mod now;
pub mod oncall;
pub mod organisation;
pub mod people;
pub mod phones;
pub mod phrases;
pub mod plan;
pub mod policy;
pub mod problem;
pub mod profile;
pub mod report;
pub mod signin;
pub mod systems;
pub mod triage;
pub mod typed;
pub mod work;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod visits;
