//! What pages show, ready to print.
//!
//! A view is plain data that a handler fills and a template in `templates/` renders: every text is
//! in its final words, every time already in the organisation's zone, every list already in order
//! and limited. Nothing here reads a clock, a store or a request, so a page can be looked at
//! without a server (`cargo run --example gallery`).
//!
//! One file a page, named like its template; its main type is `Page`. What pages share stands in
//! [`parts`], times in [`time`]. Askama escapes every text; the parts that are elements of their
//! own (a time, a chip, a state) are templates themselves and marked [`HtmlSafe`].
//!
//! [`HtmlSafe`]: askama::filters::HtmlSafe

pub mod parts;
pub mod time;
pub mod work;

pub mod alerts;
pub mod blank;
pub mod comms;
pub mod declare;
pub mod document;
pub mod gathering;
pub mod incident;
pub mod incidents;
pub mod kept;
pub mod link;
pub mod links;
pub mod map;
pub mod meetings;
pub mod menu;
pub mod now;
pub mod oncall;
pub mod organisation;
pub mod people;
pub mod phones;
pub mod picture;
pub mod plan;
pub mod policy;
pub mod problem;
pub mod profile;
pub mod report;
pub mod signin;
pub mod systems;
pub mod triage;
