//! The way back from what a clerk did with pages. Each act leaves behind how the case was; taking it back brings the pages concerned to
//! that picture, paper and place again, with what had been read on them, by new entries: the journal only grows.
//! Absent on purpose: a way back after a restart. Pages taken out can still be brought back then, and no original is ever lost.

use std::collections::VecDeque;
use std::sync::Arc;

use onewindow_case::case::Page;
use onewindow_case::decide::may_edit;
use onewindow_case::event::FieldSource;
use onewindow_case::ids::{CaseId, PageId};
use onewindow_case::{Case, CaseEvent};
use onewindow_ipc::case_view::CaseView;
use onewindow_ipc::page_act::{PageAct, UndoView};

use crate::desk::{Desk, lock};
use crate::fault::DeskFault;

/// Acts that can be taken back, over all cases; older ones are forgotten.
const WAYS_MAX: usize = 20;

/// How to take one act back.
#[derive(Debug)]
pub(crate) struct WayBack {
    pub act: PageAct,
    /// The case right before the act.
    pub before: Case,
    /// Pages that the act changed, moved or took out.
    pub changed: Vec<PageId>,
    /// Pages that the act brought in.
    pub made: Vec<PageId>,
}

/// Acts that can be taken back, oldest first.
#[derive(Debug, Default)]
pub(crate) struct WaysBack(VecDeque<Arc<WayBack>>);

impl WaysBack {
    fn put(&mut self, way: WayBack) {
        if self.0.len() >= WAYS_MAX {
            self.0.pop_front();
        }
        self.0.push_back(Arc::new(way));
    }

    /// The last act on a case.
    fn last(&self, case: CaseId) -> Option<&Arc<WayBack>> {
        self.0.iter().rev().find(|way| way.before.id == case)
    }

    fn forget(&mut self, way: &Arc<WayBack>) {
        self.0.retain(|other| !Arc::ptr_eq(other, way));
    }
}

impl Desk {
    pub(crate) fn remember(&self, way: WayBack) {
        lock(&self.shared.ways_back).put(way);
    }

    /// What the window offers to take back.
    pub(crate) fn undo_view(&self, case: &Case) -> Option<UndoView> {
        let ways = lock(&self.shared.ways_back);
        let last = ways.last(case.id).filter(|_| case.is_editable())?;
        Some(UndoView {
            act: last.act,
            revision: last.before.revision,
        })
    }

    /// Takes back the act on pages that began at a revision of the case, and those that came after it, the last one first. An act that
    /// was taken back already, or is forgotten, changes nothing.
    ///
    /// # Errors
    /// Case not editable.
    pub fn undo_page_act(&self, id: CaseId, revision: u32) -> Result<CaseView, DeskFault> {
        for _ in 0..WAYS_MAX {
            let last = lock(&self.shared.ways_back).last(id).cloned();
            let Some(way) = last.filter(|way| way.before.revision >= revision) else {
                break;
            };
            let case = self.act(id, |case| {
                may_edit(case)?;
                Ok(way.events(case))
            })?;
            lock(&self.shared.ways_back).forget(&way);
            for page in case.counted_pages().filter(|page| way.changed.contains(&page.id) && !page.read) {
                self.shared.reading.put_anew(id, page.id, None);
            }
        }
        self.case_view(self.get_case(id)?.as_ref())
    }
}

impl WayBack {
    /// What leads from the case as it is now to the pages as they were.
    fn events(&self, now: &Case) -> Vec<CaseEvent> {
        let made = self.made_until(now);
        let mut events: Vec<CaseEvent> = made
            .iter()
            .filter(|page| !page.removed)
            .map(|page| CaseEvent::PageRemoved { page: page.id })
            .collect();
        for id in &self.changed {
            if let (Some(was), Some(is)) = (self.before.find_page(*id), now.find_page(*id)) {
                events.extend(page_back(was, is));
            }
        }
        events.extend(self.order_back(now));
        let concerned: Vec<PageId> = made.iter().map(|page| page.id).chain(self.changed.iter().copied()).collect();
        events.extend(self.fields_back(now, &concerned));
        events
    }

    /// The pages that the act brought in, also those cut out of the same picture later on.
    fn made_until<'c>(&self, now: &'c Case) -> Vec<&'c Page> {
        let originals: Vec<_> = self.made.iter().filter_map(|id| now.find_page(*id)).map(|page| page.original).collect();
        let is_made = |page: &&Page| self.made.contains(&page.id) || (originals.contains(&page.original) && self.before.find_page(page.id).is_none());
        now.pages.iter().filter(is_made).collect()
    }

    /// Moves that put the pages concerned where they stood among the pages of that time.
    fn order_back(&self, now: &Case) -> Vec<CaseEvent> {
        let old: Vec<PageId> = self.before.pages.iter().map(|page| page.id).collect();
        let mut order: Vec<PageId> = now.pages.iter().map(|page| page.id).collect();
        let mut events = Vec::new();
        for (at, id) in old.iter().enumerate().rev().filter(|(_, id)| self.changed.contains(id)) {
            if order.iter().filter(|id| old.contains(id)).eq(old.iter()) {
                break;
            }
            order.retain(|other| other != id);
            let after_previous = || {
                let previous = order.iter().position(|other| Some(other) == at.checked_sub(1).and_then(|at| old.get(at)))?;
                order.get(previous + 1).copied()
            };
            let before = old.get(at + 1).copied().or_else(after_previous);
            let place = before.and_then(|before| order.iter().position(|other| *other == before)).unwrap_or(order.len());
            order.insert(place, *id);
            events.push(CaseEvent::PageMoved { page: *id, before });
        }
        events
    }

    /// Values of the form that these pages filled meanwhile, as they were; what a person typed or confirmed stays.
    fn fields_back(&self, now: &Case, pages: &[PageId]) -> Vec<CaseEvent> {
        let mut events = Vec::new();
        for (field, value) in &now.fields {
            let FieldSource::Page(page) = value.source else { continue };
            let was = self.before.fields.get(field);
            let is_as_it_was = was.map_or(value.value.is_empty(), |was| was == value);
            if value.confirmed || !pages.contains(&page) || is_as_it_was {
                continue;
            }
            events.push(CaseEvent::FieldSet {
                field: field.clone(),
                value: was.map(|was| was.value.clone()).unwrap_or_default(),
                source: was.map_or(value.source, |was| was.source),
            });
            if was.is_some_and(|was| was.confirmed && was.source != FieldSource::Typed) {
                events.push(CaseEvent::FieldConfirmed { field: field.clone() });
            }
        }
        events
    }
}

/// What makes a page as it was: picture, readings, paper, whether it counts.
fn page_back(was: &Page, is: &Page) -> Vec<CaseEvent> {
    let mut events = Vec::new();
    if (was.corrected, was.thumb, &was.judgement) != (is.corrected, is.thumb, &is.judgement) {
        events.push(CaseEvent::PageJudged {
            page: was.id,
            corrected: was.corrected,
            thumb: was.thumb,
            judgement: was.judgement.clone(),
        });
        if was.read {
            events.push(CaseEvent::PageRead {
                page: was.id,
                readings: was.readings.clone(),
                paper_guess: was.paper_guess.clone(),
            });
        }
    }
    if (&was.material, was.guess_percent) != (&is.material, is.guess_percent) {
        events.push(CaseEvent::PageAssigned {
            page: was.id,
            material: was.material.clone(),
            guess_percent: was.guess_percent,
        });
    }
    match (was.removed, is.removed) {
        (false, true) => events.push(CaseEvent::PageRestored { page: was.id }),
        (true, false) => events.push(CaseEvent::PageRemoved { page: was.id }),
        (true, true) | (false, false) => {}
    }
    events
}

#[cfg(test)]
mod tests {
    use onewindow_case::event::{Judgement, PageOrigin, Reading};
    use onewindow_case::ids::{BundleId, Digest, FieldKey, MaterialKey};
    use uuid::Uuid;

    use super::*;

    /// A page that came in after the act and has nothing to do with it.
    const LATER: u8 = 10;

    fn page(number: u128) -> PageId {
        PageId::new(Uuid::from_u128(number))
    }

    fn digest(number: u8) -> Digest {
        Digest::new([number; 32])
    }

    fn kept(number: u8) -> CaseEvent {
        CaseEvent::PageKept {
            page: page(number.into()),
            original: digest(number),
            corrected: digest(number),
            thumb: digest(number),
            material: None,
            sequence: number.into(),
            origin: PageOrigin::File("page.jpg".to_owned()),
            judgement: Judgement::pending(),
        }
    }

    fn judged(number: u128, picture: u8) -> CaseEvent {
        CaseEvent::PageJudged {
            page: page(number),
            corrected: digest(picture),
            thumb: digest(picture),
            judgement: Judgement {
                verdict: "usable".to_owned(),
                corners: Some([[i32::from(picture); 2]; 4]),
                ..Judgement::default()
            },
        }
    }

    fn read(number: u128, value: &str) -> CaseEvent {
        CaseEvent::PageRead {
            page: page(number),
            readings: vec![Reading {
                key: "name".to_owned(),
                value: value.to_owned(),
                evidence: "ocr_only".to_owned(),
                region: Some([1, 2, 3, 4]),
            }],
            paper_guess: Some("household_page".to_owned()),
        }
    }

    fn filled(field: &str, value: &str, source: FieldSource) -> CaseEvent {
        CaseEvent::FieldSet {
            field: FieldKey::new(field),
            value: value.to_owned(),
            source,
        }
    }

    fn filed(number: u128, material: Option<&str>, guess_percent: Option<u8>) -> CaseEvent {
        CaseEvent::PageAssigned {
            page: page(number),
            material: material.map(MaterialKey::new),
            guess_percent,
        }
    }

    /// Three pages: one read and filed by guess, one only judged, one out.
    fn case() -> Case {
        let events = [
            CaseEvent::Opened {
                case_no: "330302010032026112200071".to_owned(),
                bundle: BundleId::new("newborn"),
                catalogue_version: "2026.11".to_owned(),
                ticket: None,
            },
            kept(1),
            kept(2),
            kept(3),
            judged(1, 11),
            judged(2, 12),
            judged(3, 13),
            read(1, "周予川"),
            filed(1, Some("hukou.register"), Some(55)),
            filled("father_name", "周予川", FieldSource::Page(page(1))),
            filled("mother_name", "苏念安", FieldSource::Page(page(1))),
            CaseEvent::FieldConfirmed {
                field: FieldKey::new("mother_name"),
            },
            CaseEvent::PageRemoved { page: page(3) },
        ];
        Case::replay(CaseId::new(Uuid::from_u128(1)), &events).unwrap_or_else(|| unreachable!("the first event opens it"))
    }

    /// Does something with the pages `changed`, takes it back, and compares.
    fn check(what: &str, changed: &[u128], made: &[u128], acts: &[CaseEvent]) {
        let before = case();
        let way = WayBack {
            act: PageAct::Moved,
            before: before.clone(),
            changed: changed.iter().map(|number| page(*number)).collect(),
            made: made.iter().map(|number| page(*number)).collect(),
        };
        let fold = |case: &Case, events: &[CaseEvent]| {
            let mut case = case.clone();
            events.iter().for_each(|event| case.apply(event));
            case
        };
        let done = fold(&before, acts);
        let undone = fold(&done, &way.events(&done));
        let pages = |case: &Case| {
            let old = case.pages.iter().filter(|page| before.find_page(page.id).is_some());
            old.cloned().collect::<Vec<_>>()
        };
        let values = |case: &Case| {
            let filled = case.fields.iter().filter(|(_, value)| !value.value.is_empty());
            filled.map(|(key, value)| (key.clone(), value.clone())).collect::<Vec<_>>()
        };
        assert_ne!((&done.pages, values(&done)), (&before.pages, values(&before)), "{what} is another state");
        assert_eq!(pages(&undone), before.pages, "{what}: pages");
        assert_eq!(values(&undone), values(&before), "{what}: values");
        let later = page(LATER.into());
        let counted = |case: &Case| case.counted_pages().map(|page| page.id).filter(|id| *id != later).collect::<Vec<_>>();
        assert_eq!(counted(&undone), counted(&before), "{what}: what counts");
        assert_eq!(way.events(&undone), [], "{what}: nothing is left to take back");
    }

    #[test]
    fn pictures_readings_papers_places_and_values_come_back() {
        let turned = CaseEvent::PageTurned {
            page: page(1),
            corrected: digest(21),
            thumb: digest(21),
            quarter_turns: 1,
        };
        check("turned", &[1], &[], &[turned]);
        let father = |value: &str, number| filled("father_name", value, FieldSource::Page(page(number)));
        check(
            "cropped and read again",
            &[1],
            &[],
            &[
                judged(1, 22),
                read(1, "周子川"),
                father("周子川", 1),
                filled("household_head", "周子川", FieldSource::Page(page(1))),
            ],
        );
        check("cropped before it was read", &[2], &[], &[judged(2, 22)]);
        check("filed elsewhere", &[1], &[], &[filed(1, Some("id_card.father"), None)]);
        check("the guess taken", &[1], &[], &[filed(1, Some("hukou.register"), None)]);
        check("filed nowhere", &[1], &[], &[filed(1, None, None)]);
        check("taken out", &[1], &[], &[CaseEvent::PageRemoved { page: page(1) }]);
        check("brought back", &[3], &[], &[CaseEvent::PageRestored { page: page(3) }]);
        let moved = |number, before: Option<u128>| CaseEvent::PageMoved {
            page: page(number),
            before: before.map(page),
        };
        for number in 1..=3 {
            check(
                "to the end",
                &[number],
                &[],
                &[moved(number, None), moved(number, Some(1)), moved(number, None), kept(LATER)],
            );
        }
        check("to the front", &[3], &[], &[moved(3, Some(1))]);
        check("last, with newer pages behind", &[3], &[], &[kept(LATER), moved(3, Some(1))]);
        let out = |number| CaseEvent::PageRemoved { page: page(number) };
        let instead = [kept(8), judged(8, 28), kept(9), judged(9, 29), moved(8, Some(1)), moved(9, Some(1)), out(1)];
        check("split", &[1], &[8, 9], &instead);
        check("joined", &[1, 2], &[8], &[kept(8), moved(8, Some(1)), out(1), out(2)]);
        check(
            "scanned again and read",
            &[1],
            &[8],
            &[kept(8), moved(8, Some(1)), out(1), judged(8, 28), read(8, "周予山"), father("周予山", 8)],
        );
    }

    #[test]
    fn what_was_cut_out_of_the_new_picture_later_goes_with_it() {
        let CaseEvent::PageKept { original, .. } = kept(8) else { return };
        let CaseEvent::PageKept {
            page,
            corrected,
            thumb,
            material,
            sequence,
            origin,
            judgement,
            ..
        } = kept(9)
        else {
            return;
        };
        let second_card = CaseEvent::PageKept {
            page,
            original,
            corrected,
            thumb,
            material,
            sequence,
            origin,
            judgement,
        };
        check(
            "two cards instead of one",
            &[1],
            &[8],
            &[kept(8), CaseEvent::PageRemoved { page: super::tests::page(1) }, second_card],
        );
    }

    #[test]
    fn what_a_person_typed_or_confirmed_meanwhile_stays() {
        let before = case();
        let way = WayBack {
            act: PageAct::Cropped,
            before: before.clone(),
            changed: vec![page(1)],
            made: Vec::new(),
        };
        let mut now = before;
        for event in [
            judged(1, 22),
            filled("father_name", "周子川", FieldSource::Typed),
            filled("household_head", "周予川", FieldSource::Page(page(1))),
            CaseEvent::FieldConfirmed {
                field: FieldKey::new("household_head"),
            },
        ] {
            now.apply(&event);
        }
        let touched = |event: &CaseEvent| matches!(event, CaseEvent::FieldSet { .. } | CaseEvent::FieldConfirmed { .. });
        assert!(!way.events(&now).iter().any(touched), "{:?}", way.events(&now));
    }
}
