//! Muster: one binary that runs an organisation's service-disruption process, from the first alert to
//! the form. The process itself is `muster-core`; this is the program around it.
//!
//! Who may use whom: `store`, `intake` and `channels` use core. `ops` uses store. `engine` uses ops,
//! store and channels. `web` and `cli` use ops and intake, and store for reads. Nobody uses `web`.

pub mod app;
pub mod channels;
pub mod cli;
pub mod clock;
pub mod config;
pub mod documents;
pub mod engine;
pub mod intake;
pub mod live;
pub mod ops;
pub mod outgoing;
pub mod secrets;
pub mod server;
pub mod store;
pub mod web;
pub mod writer;
