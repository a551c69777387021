use super::run::Run;
