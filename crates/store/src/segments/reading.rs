//! Reading entries at the places that the index tells, and finding those that lie elsewhere, because stray bytes came before them.

use std::fs::File;

use onewindow_journal::segment::{SegmentHeader, open_record};

use super::{Located, Segments, read_record_bytes};
use crate::fault::StoreFault;
use crate::ledger::Position;

impl Segments {
    /// Reads entries at known places; they are best given in order. An entry that does not lie at its place is looked for in its
    /// segment.
    pub(crate) fn read(&self, positions: &[Position]) -> Result<Vec<Located>, StoreFault> {
        let mut reading = Reading {
            segments: self,
            open: None,
            record: None,
            scanned: None,
        };
        positions.iter().map(|position| reading.read_or_find(*position)).collect()
    }
}

/// What is open while entries are read one after the other.
struct Reading<'s> {
    segments: &'s Segments,
    open: Option<(SegmentHeader, File)>,
    /// Segment, offset and entries of the record that was read last.
    record: Option<(u32, u32, Vec<Option<Located>>)>,
    /// The segment that was searched last, and its records.
    scanned: Option<(u32, Vec<Place>)>,
}

/// Where a record lies in its segment, and which entries it holds.
struct Place {
    offset: usize,
    first_seq: u64,
    count: usize,
}

impl Reading<'_> {
    fn read_or_find(&mut self, position: Position) -> Result<Located, StoreFault> {
        match self.read(position) {
            Err(fault @ StoreFault::Damaged { .. }) => match self.find_place(position)? {
                Some(place) if place != position => self.read(place),
                Some(_) | None => Err(fault),
            },
            read => read,
        }
    }

    fn read(&mut self, position: Position) -> Result<Located, StoreFault> {
        let damaged = || damaged(position);
        if self.open.as_ref().is_none_or(|(header, _)| header.number != position.segment) {
            let header = self.segments.find_header(position.segment).ok_or_else(damaged)?;
            let file = File::open(self.segments.path(position.segment)).map_err(StoreFault::io("opening a segment"))?;
            self.open = Some((header, file));
        }
        let (header, file) = self.open.as_mut().ok_or_else(damaged)?;
        if self
            .record
            .as_ref()
            .is_none_or(|(segment, offset, _)| (*segment, *offset) != (position.segment, position.offset))
        {
            let bytes = read_record_bytes(file, u64::from(position.offset)).ok_or_else(damaged)?;
            let (found, _) = open_record(self.segments.key_of(header.number)?, header, &bytes).map_err(|_broken| damaged())?;
            let offset = usize::try_from(position.offset).unwrap_or(usize::MAX);
            let located = self.segments.locate(header, offset, found)?;
            self.record = Some((position.segment, position.offset, located.into_iter().map(Some).collect()));
        }
        let slots = self.record.as_mut().map(|(_, _, slots)| slots).ok_or_else(damaged)?;
        let slot = slots.get_mut(usize::from(position.slot)).ok_or_else(damaged)?;
        if slot.as_ref().is_some_and(|located| located.position.seq != position.seq) {
            return Err(damaged());
        }
        slot.take().ok_or_else(damaged)
    }

    /// Where an entry lies by the records of its segment.
    fn find_place(&mut self, position: Position) -> Result<Option<Position>, StoreFault> {
        if self.scanned.as_ref().is_none_or(|(segment, _)| *segment != position.segment) {
            let header = self.segments.find_header(position.segment).ok_or_else(|| damaged(position))?;
            let records = self.segments.scan(&header)?.records.into_iter();
            let places = records.map(|scanned| Place {
                offset: scanned.offset,
                first_seq: scanned.record.first_seq,
                count: scanned.record.items.len(),
            });
            self.scanned = Some((position.segment, places.collect()));
        }
        let records = self.scanned.as_ref().map(|(_, records)| records.as_slice()).unwrap_or_default();
        Ok(records.iter().find_map(|place| {
            let slot = usize::try_from(position.seq.checked_sub(place.first_seq)?).ok()?;
            let slot = Some(slot).filter(|slot| *slot < place.count)?;
            Some(Position {
                offset: u32::try_from(place.offset).ok()?,
                slot: u16::try_from(slot).ok()?,
                ..position
            })
        }))
    }
}

fn damaged(position: Position) -> StoreFault {
    StoreFault::damaged(format!("entry {} in segment {}", position.seq, position.segment))
}
