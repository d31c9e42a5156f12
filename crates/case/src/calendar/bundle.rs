//! When a bundle is due: the latest end along its dependencies.
//!
//! Matters that can be handled at the same time share the moment of acceptance; one that waits for others starts with the written
//! completion of the last of them (浙江省保障最多跑一次改革规定 art. 5).

use time::PrimitiveDateTime;

use super::{CalendarFault, Limit, OfficeHours, WorkingCalendar};

/// A matter of a bundle with its time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleMatter<K> {
    /// What the caller calls it.
    pub key: K,
    /// Its time; the shorter one of promise and law.
    pub limit: Limit,
    /// The matters that must be completed before.
    pub after: Vec<K>,
    /// When it was completed, once it is; matters behind it start then instead of at its due time.
    pub completed_at: Option<PrimitiveDateTime>,
}

/// When one matter starts and ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatterSchedule<K> {
    /// What the caller calls it.
    pub key: K,
    /// When its clock starts; expected while a matter before it is open.
    pub start: PrimitiveDateTime,
    /// When its time ends.
    pub due: PrimitiveDateTime,
    /// When it ended or will end at the latest: its completion, else its due time.
    pub end: PrimitiveDateTime,
    /// The matter whose end sets the start; none when it starts with the acceptance.
    pub waits_for: Option<K>,
}

/// The times of a whole bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleSchedule<K> {
    /// Every matter, each behind those it waits for; the order in which they are shown.
    pub matters: Vec<MatterSchedule<K>>,
    /// When the bundle is due.
    pub due: PrimitiveDateTime,
    /// The matters that set this time, from the first to the last.
    pub critical_path: Vec<K>,
}

impl WorkingCalendar {
    /// Counts the times of a bundle whose clock starts at the given moment. A bundle without matters is due at its start.
    pub fn bundle_schedule<K: Clone + PartialEq>(
        &self,
        matters: &[BundleMatter<K>],
        start: PrimitiveDateTime,
        hours: &OfficeHours,
    ) -> Result<BundleSchedule<K>, CalendarFault> {
        let before = dependencies(matters)?;
        let mut done: Vec<MatterSchedule<K>> = Vec::with_capacity(matters.len());
        let mut open: Vec<usize> = (0..matters.len()).collect();
        // Every round takes the first matter whose predecessors are done, so the order of the bundle stays as far as it can.
        while let Some(first_open) = open.first().copied() {
            let ready = |index: &&usize| before[**index].iter().all(|earlier| !open.contains(earlier));
            let next = open.iter().find(ready).copied().ok_or(CalendarFault::MatterCycle(first_open))?;
            open.retain(|index| *index != next);
            let schedule = self.matter_schedule(&matters[next], &done, start, hours)?;
            done.push(schedule);
        }
        let last = done.iter().rev().max_by_key(|matter| matter.end);
        let due = last.map_or(start, |matter| matter.end);
        let critical_path = path_to(last, &done);
        Ok(BundleSchedule {
            critical_path,
            matters: done,
            due,
        })
    }

    fn matter_schedule<K: Clone + PartialEq>(
        &self,
        matter: &BundleMatter<K>,
        done: &[MatterSchedule<K>],
        start: PrimitiveDateTime,
        hours: &OfficeHours,
    ) -> Result<MatterSchedule<K>, CalendarFault> {
        let last = done
            .iter()
            .filter(|earlier| matter.after.contains(&earlier.key))
            .max_by_key(|earlier| earlier.end);
        let start = last.map_or(start, |earlier| earlier.end);
        let due = self.due_at(matter.limit, start, hours)?;
        Ok(MatterSchedule {
            key: matter.key.clone(),
            start,
            due,
            end: matter.completed_at.unwrap_or(due),
            waits_for: last.map(|earlier| earlier.key.clone()),
        })
    }
}

/// The indexes each matter waits for.
fn dependencies<K: PartialEq>(matters: &[BundleMatter<K>]) -> Result<Vec<Vec<usize>>, CalendarFault> {
    let index_of = |key: &K| matters.iter().position(|matter| matter.key == *key);
    let one = |(index, matter): (usize, &BundleMatter<K>)| {
        if index_of(&matter.key) != Some(index) {
            return Err(CalendarFault::MatterTwice(index));
        }
        matter
            .after
            .iter()
            .map(|key| index_of(key).ok_or(CalendarFault::MatterUnknown(index)))
            .collect()
    };
    matters.iter().enumerate().map(one).collect()
}

/// Follows the matters that set each start back to the acceptance.
fn path_to<K: Clone + PartialEq>(last: Option<&MatterSchedule<K>>, done: &[MatterSchedule<K>]) -> Vec<K> {
    let earlier = |matter: &&MatterSchedule<K>| done.iter().find(|one| Some(&one.key) == matter.waits_for.as_ref());
    let mut path: Vec<K> = std::iter::successors(last, earlier).take(done.len()).map(|matter| matter.key.clone()).collect();
    path.reverse();
    path
}
