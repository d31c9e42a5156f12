//! One round of sending and hearing, as the window does all day.

use onewindow_desk::DeskFault;

use crate::counter::CounterPlace;
use crate::fault::CliFault;
use crate::{End, output};

/// Sends everything that waits; answers with what the status line would show.
pub(crate) fn run(place: &CounterPlace) -> Result<End, CliFault> {
    let desk = place.open()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| DeskFault::Defect(error.to_string()))?;
    let sent = runtime.block_on(desk.sync_once());
    desk.close();
    sent?;
    output::json_line(&desk.status().centre)?;
    Ok(End::Well)
}
