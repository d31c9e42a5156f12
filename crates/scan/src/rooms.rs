//! Room for decoded pages. A page of A4 in colour is 26 MB, so as many are in memory at once as there is room for; whoever brings another
//! one waits.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// A number of places for decoded pages, shared by all who hold one.
#[derive(Debug, Clone)]
pub struct PageRooms(Arc<Rooms>);

#[derive(Debug)]
struct Rooms {
    free: Mutex<usize>,
    freed: Condvar,
}

impl PageRooms {
    /// Room for this many pages, one at least.
    pub fn new(pages: usize) -> Self {
        Self(Arc::new(Rooms {
            free: Mutex::new(pages.max(1)),
            freed: Condvar::new(),
        }))
    }

    /// Takes a place, waiting as long as it takes.
    pub fn enter(&self) -> PageRoom {
        loop {
            if let Some(room) = self.enter_within(Duration::from_secs(1)) {
                return room;
            }
        }
    }

    /// Takes a place; nothing when none came free in this time.
    pub fn enter_within(&self, patience: Duration) -> Option<PageRoom> {
        let free = self.0.free.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.0.freed.wait_timeout_while(free, patience, |free| *free == 0);
        let (mut free, _) = waited.unwrap_or_else(PoisonError::into_inner);
        *free = free.checked_sub(1)?;
        Some(PageRoom(Arc::new(Place(Arc::clone(&self.0)))))
    }

    /// Places that nobody holds.
    pub fn free(&self) -> usize {
        *self.0.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The place of one page, given back when the last copy of this is dropped. It is no part of what a page is: all are equal.
#[derive(Debug, Clone)]
pub struct PageRoom(#[allow(dead_code, reason = "held for its end")] Arc<Place>);

impl PartialEq for PageRoom {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for PageRoom {}

#[derive(Debug)]
struct Place(Arc<Rooms>);

impl Drop for Place {
    fn drop(&mut self) {
        *self.0.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.0.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_free_again_when_its_last_copy_is_gone() {
        let rooms = PageRooms::new(2);
        let (first, second) = (rooms.enter(), rooms.enter());
        assert!(rooms.enter_within(Duration::ZERO).is_none());
        let copy = first.clone();
        drop(first);
        assert_eq!(rooms.free(), 0);
        drop(copy);
        assert_eq!(rooms.free(), 1);
        drop(second);
        assert_eq!(rooms.free(), 2);
    }

    #[test]
    fn who_waits_gets_the_place_that_comes_free() {
        let rooms = PageRooms::new(1);
        let held = rooms.enter();
        let waiting = std::thread::spawn({
            let rooms = rooms.clone();
            move || drop(rooms.enter())
        });
        drop(held);
        waiting.join().expect("the place came free");
        assert_eq!(rooms.free(), 1);
    }
}
