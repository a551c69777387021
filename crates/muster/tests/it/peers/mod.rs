//! The real `muster` among real peers: Nagios, Alertmanager, Prometheus, a mail server, a browser. Each story starts
//! its own on loopback and ends them. What is missing fails a story with what to install; nothing is skipped.

mod alertmanager;
mod first_light;
mod hooks;
mod http;
mod installation;
mod nagios;
mod notify;
mod phone;
mod process;
mod prometheus;
mod proof;
mod shells;
mod shells_later;
