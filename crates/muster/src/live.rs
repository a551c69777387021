//! What open pages are told: that something has changed. They fetch it themselves, so that nobody is
//! sent what they may not see.

use muster_core::ids::{PersonId, SubjectId};
use std::collections::BTreeMap;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::broadcast;

/// How many changes a slow page may lag behind before it is told to load anew.
const BACKLOG: usize = 256;

/// A change, as far as pages care.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum News {
    /// That log has new entries.
    Subject(SubjectId),
    /// Something on lists has changed.
    Lists,
    /// Who has that log open has changed.
    Presence(SubjectId),
}

/// Who has a log open, by a number for each open page.
type Viewers = BTreeMap<u64, (PersonId, String)>;

/// Tells open pages, and knows who has which log open.
#[derive(Clone)]
pub struct Live {
    news: broadcast::Sender<News>,
    revision: Arc<AtomicU64>,
    here: Arc<Mutex<BTreeMap<SubjectId, Viewers>>>,
}

impl Default for Live {
    fn default() -> Self {
        // It begins anywhere, so that a page of the run before is not taken for one of this.
        let revision = Arc::new(AtomicU64::new(RandomState::new().build_hasher().finish()));
        Self { news: broadcast::channel(BACKLOG).0, revision, here: Arc::default() }
    }
}

/// Somebody has a log open; dropping it says that they closed it.
pub struct Here {
    live: Live,
    subject: SubjectId,
    key: u64,
}

impl Live {
    /// Tells every open page.
    pub fn tell(&self, news: News) {
        // Counted before it is sent: who listens first and compares then misses nothing. Who is here is
        // no news of the page itself.
        if !matches!(news, News::Presence(_)) {
            self.revision.fetch_add(1, Ordering::SeqCst);
        }
        let _ = self.news.send(news); // nobody is looking: fine
    }

    /// How much was told so far. A page that is made from what is read after this, and whose stream opens
    /// at another revision, may be old already.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision.load(Ordering::SeqCst)
    }

    /// Listens from now on.
    #[must_use]
    pub fn listen(&self) -> broadcast::Receiver<News> {
        self.news.subscribe()
    }

    /// That person has that log open until the answer is dropped.
    #[must_use]
    pub fn enter(&self, subject: &SubjectId, person: &PersonId, name: &str) -> Here {
        let key = {
            let mut here = self.here.lock().unwrap_or_else(PoisonError::into_inner);
            let people = here.entry(subject.clone()).or_default();
            let key = people.keys().next_back().map_or(1, |last| last + 1);
            people.insert(key, (person.clone(), name.to_owned()));
            key
        };
        self.tell(News::Presence(subject.clone()));
        Here { live: self.clone(), subject: subject.clone(), key }
    }

    /// Names of everybody else who has that log open, each once.
    #[must_use]
    pub fn others(&self, subject: &SubjectId, but: &PersonId) -> Vec<String> {
        let here = self.here.lock().unwrap_or_else(PoisonError::into_inner);
        let people = here.get(subject).into_iter().flat_map(BTreeMap::values);
        let others: BTreeMap<_, _> = people.filter(|(id, _)| id != but).map(|(id, name)| (id, name.clone())).collect();
        others.into_values().collect()
    }
}

impl Drop for Here {
    fn drop(&mut self) {
        {
            let mut here = self.live.here.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(people) = here.get_mut(&self.subject) {
                people.remove(&self.key);
                if people.is_empty() {
                    here.remove(&self.subject);
                }
            }
        }
        self.live.tell(News::Presence(self.subject.clone()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // proves: DOC-7 the page says who has the log open
    #[test]
    fn people_are_here_while_their_page_is_open() {
        let live = Live::default();
        let (log, ana, ben) = (SubjectId::from("s1"), PersonId::from("ana"), PersonId::from("ben"));
        let page = live.enter(&log, &ben, "Ben Tallis");
        let second = live.enter(&log, &ben, "Ben Tallis");
        assert_eq!(live.others(&log, &ana), ["Ben Tallis"]);
        assert!(live.others(&log, &ben).is_empty() && live.others(&SubjectId::from("s2"), &ana).is_empty());
        drop(page);
        assert_eq!(live.others(&log, &ana), ["Ben Tallis"], "still open in another window");
        drop(second);
        assert!(live.others(&log, &ana).is_empty());
    }
}
