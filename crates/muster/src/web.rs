//! The pages: what they show ([`view`]), their handlers ([`pages`]) and the files they use ([`assets`]).

pub mod api;
pub mod assets;
pub mod error;
pub mod guard;
pub mod health;
pub mod intake;
pub mod limit;
pub mod live;
pub mod pages;
mod proof;
pub mod routes;
#[cfg(test)]
mod trial;
pub mod upload;
pub mod view;
