//! How smoothly the window draws while it works: the moments of its frames, as the web view tells them.

use std::fmt;

use anyhow::{Context, Result, ensure};

use crate::window::Window;

/// Notes the moment of every frame until they are asked for.
const WATCH: &str = "window.onewindowFrames = []; \
    const note = (now) => { if (window.onewindowFrames) { window.onewindowFrames.push(now); requestAnimationFrame(note); } }; \
    requestAnimationFrame(note);";
const TELL: &str = "const frames = window.onewindowFrames; window.onewindowFrames = undefined; return frames;";

/// Time between one frame and the next, ms, in order of length.
pub struct Frames(Vec<f64>);

impl Frames {
    /// Begins to note frames.
    pub async fn watch(window: &Window) -> Result<()> {
        window.run(WATCH).await.map(drop)
    }

    /// The frames since then.
    pub async fn told(window: &Window) -> Result<Self> {
        let moments: Vec<f64> = serde_json::from_value(window.run(TELL).await?).context("the web view tells its frames")?;
        let mut gaps: Vec<f64> = moments.windows(2).map(|pair| pair[1] - pair[0]).collect();
        ensure!(!gaps.is_empty(), "the window drew nothing while it was watched");
        gaps.sort_by(f64::total_cmp);
        Ok(Self(gaps))
    }

    fn at(&self, share: f64) -> f64 {
        let last = self.0.len().saturating_sub(1);
        self.0.get((last as f64 * share) as usize).copied().unwrap_or(0.0)
    }
}

impl fmt::Display for Frames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.iter().sum::<f64>() / 1000.0;
        write!(
            f,
            "{:.0} frames a second for {seconds:.1} s: {:.0} ms apart in the middle, {:.0} in 95 of 100, {:.0} at most",
            self.0.len() as f64 / seconds.max(0.001),
            self.at(0.5),
            self.at(0.95),
            self.at(1.0),
        )
    }
}
