//! How smoothly the window draws while a stack of paper comes in, drawn as on a counter without a graphics processor. No pictures: they
//! would be taken of layers.

use std::time::Instant;

use anyhow::Result;

use crate::frames::Frames;
use crate::newborn;
use crate::record::Record;
use crate::stand::Stand;
use crate::window::Window;

const JOURNEY: &str = "smooth";
/// Pages of the contract, all fed twice: the second time each is told to be there already.
const CONTRACT_PAGES: usize = 6;

/// Feeds a stack and reports the frames.
pub async fn walk(stand: &mut Stand, record: &mut Record) -> Result<()> {
    let window = Window::open_plain(stand, JOURNEY).await?;
    newborn::open_at_papers(&window).await?;
    let stack: Vec<String> = (0..2 * CONTRACT_PAGES)
        .map(|sheet| format!("tenancy-contract-{}.jpg", sheet % CONTRACT_PAGES + 1))
        .collect();
    stand.feed(&stack.iter().map(String::as_str).collect::<Vec<_>>())?;
    Frames::watch(&window).await?;
    let begun = Instant::now();
    window.scan("app_form", stack.len()).await?;
    let pages_a_minute = stack.len() as f64 * 60.0 / begun.elapsed().as_secs_f64();
    let proof = format!("{}, {pages_a_minute:.0} pages a minute on disk and judged", Frames::told(&window).await?);
    record.step(JOURNEY, "stack", "fed a stack while frames were counted", proof, None);
    window.close().await
}
