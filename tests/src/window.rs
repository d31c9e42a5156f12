//! The real window under WebDriver: found by test id, judged by `data-state`.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::json;
use thirtyfour::prelude::*;

use crate::desktop;
use crate::memory::proportional_bytes;
use crate::record::Record;
use crate::stand::Stand;

/// How long something on screen may take to come.
const PATIENCE: Duration = Duration::from_secs(90);
/// How long the window's process may take to start and answer the driver.
const SESSION_PATIENCE: Duration = Duration::from_secs(60);
/// How often opening is tried: the driver of a loaded machine sometimes loses its first call.
const ATTEMPTS: u32 = 3;
const DRIVER_PORT: u16 = 8714;
/// Whether everything on screen that takes a moment is there.
const SETTLED: &str = "return [...document.images].every((image) => image.complete) \
    && !document.querySelector('[data-testid=\"document-preview\"][data-state=\"busy\"]')";
/// Milliseconds from the page's beginning to the first paint of contents.
const FIRST_PAINT: &str = "return performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? performance.timing.domContentLoadedEventEnd - performance.timing.navigationStart";
/// How often that is asked before a picture is taken all the same.
const PICTURE_LOOKS: u32 = 100;

/// An open window.
pub struct Window {
    driver: WebDriver,
    webkit: Child,
    journey: &'static str,
    app: std::path::PathBuf,
}

impl Window {
    /// Opens the window of the stand's counter.
    pub async fn open(stand: &Stand, journey: &'static str) -> Result<Self> {
        Self::open_at(stand, &stand.counter(), journey).await
    }

    /// Opens the window as a counter without a graphics processor draws it. Pictures of it can not be taken.
    pub async fn open_plain(stand: &Stand, journey: &'static str) -> Result<Self> {
        Self::open_drawn(stand, &stand.counter(), journey, "plain").await
    }

    /// Opens the window of a counter by its data folder.
    pub async fn open_at(stand: &Stand, data: &Path, journey: &'static str) -> Result<Self> {
        Self::open_drawn(stand, data, journey, "layers").await
    }

    async fn open_drawn(stand: &Stand, data: &Path, journey: &'static str, drawing: &str) -> Result<Self> {
        let mut attempt = 1;
        loop {
            let mut webkit = start_driver(stand, data, drawing)?;
            let opened = tokio::time::timeout(SESSION_PATIENCE, open_session(stand, data)).await;
            match opened {
                Ok(Ok(driver)) => {
                    return Ok(Self {
                        driver,
                        webkit,
                        journey,
                        app: stand.app(),
                    });
                }
                Ok(Err(error)) if attempt == ATTEMPTS => return Err(error).context("opening the window"),
                Err(_) if attempt == ATTEMPTS => bail!("the window did not open within {} s, {ATTEMPTS} times", SESSION_PATIENCE.as_secs()),
                Ok(Err(_)) | Err(_) => attempt += 1,
            }
            webkit.kill()?;
            webkit.wait()?;
            end_processes(&stand.app(), "-KILL").await?;
        }
    }

    /// Ends the window's process at once, as a power cut would.
    pub async fn kill(mut self) -> Result<()> {
        if !is_running(&self.app)? {
            bail!("no window to kill");
        }
        end_processes(&self.app, "-KILL").await?;
        self.webkit.kill()?;
        self.webkit.wait()?;
        Ok(())
    }

    /// Closes the window as a person would, and waits until its process has ended: a second one would only call the first to the front.
    pub async fn close(mut self) -> Result<()> {
        let _ = self.driver.clone().quit().await;
        let begun = Instant::now();
        while is_running(&self.app)? && begun.elapsed() < Duration::from_secs(5) {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        end_processes(&self.app, "-TERM").await?;
        self.webkit.kill()?;
        self.webkit.wait()?;
        Ok(())
    }

    /// The element with this test id, once it is there.
    pub async fn find(&self, testid: &str) -> Result<WebElement> {
        self.find_css(&format!("[data-testid=\"{testid}\"]")).await
    }

    /// The element with this test id and state, once it is there.
    pub async fn find_state(&self, testid: &str, state: &str) -> Result<WebElement> {
        self.find_css(&format!("[data-testid=\"{testid}\"][data-state=\"{state}\"]")).await
    }

    /// Waits for a screen.
    pub async fn screen(&self, screen: &str) -> Result<()> {
        self.find_css(&format!("[data-screen=\"{screen}\"]")).await.map(|_| ())
    }

    /// The first element that matches, once it is there.
    pub async fn find_css(&self, css: &str) -> Result<WebElement> {
        let begun = Instant::now();
        loop {
            match self.driver.find(By::Css(css)).await {
                Ok(element) => return Ok(element),
                Err(_) if begun.elapsed() < PATIENCE => tokio::time::sleep(Duration::from_millis(100)).await,
                Err(error) => {
                    let body = self.text_of("body").await.unwrap_or_default();
                    return Err(error).with_context(|| format!("waiting for {css}; on screen: {}", body.chars().take(1500).collect::<String>()));
                }
            }
        }
    }

    /// How many elements match now.
    pub async fn count(&self, css: &str) -> Result<usize> {
        Ok(self.driver.find_all(By::Css(css)).await?.len())
    }

    /// Waits until at least `count` elements match.
    pub async fn at_least(&self, css: &str, count: usize) -> Result<()> {
        let begun = Instant::now();
        while self.count(css).await? < count {
            if begun.elapsed() > PATIENCE {
                bail!(
                    "only {} of {count} of {css} came; on screen: {}",
                    self.count(css).await?,
                    self.text_of("body").await.unwrap_or_default().chars().take(1500).collect::<String>()
                );
            }
            tokio::time::sleep(Duration::from_millis(150)).await;
        }
        Ok(())
    }

    /// Waits until nothing matches.
    pub async fn gone(&self, css: &str) -> Result<()> {
        let begun = Instant::now();
        while self.count(css).await? > 0 {
            if begun.elapsed() > PATIENCE {
                bail!("{css} stays on screen");
            }
            tokio::time::sleep(Duration::from_millis(150)).await;
        }
        Ok(())
    }

    /// Presses the element with this test id.
    pub async fn press(&self, testid: &str) -> Result<()> {
        self.press_css(&format!("[data-testid=\"{testid}\"]")).await
    }

    /// Presses the first element that matches; a list drawn anew under the pointer is tried again.
    pub async fn press_css(&self, css: &str) -> Result<()> {
        let begun = Instant::now();
        loop {
            let element = self.find_css(css).await?;
            let pressed = match element.scroll_into_view().await {
                Ok(()) => element.click().await,
                Err(error) => Err(error),
            };
            match pressed {
                Ok(()) => return Ok(()),
                Err(_) if begun.elapsed() < Duration::from_secs(10) => tokio::time::sleep(Duration::from_millis(150)).await,
                Err(error) => return Err(error).with_context(|| format!("pressing {css}")),
            }
        }
    }

    /// Replaces what stands in an input by keys.
    pub async fn type_into(&self, testid: &str, text: &str) -> Result<()> {
        let element = self.find(testid).await?;
        element.scroll_into_view().await?;
        element.click().await?;
        element.send_keys(Key::Control + "a").await?;
        element.send_keys(text).await.with_context(|| format!("typing into {testid}"))
    }

    /// Presses keys where the focus is.
    pub async fn keys(&self, keys: impl Into<TypingData>) -> Result<()> {
        Ok(self.driver.active_element().await?.send_keys(keys.into()).await?)
    }

    /// The text of the first element that matches.
    pub async fn text_of(&self, css: &str) -> Result<String> {
        Ok(self.driver.find(By::Css(css)).await?.text().await?)
    }

    /// As [`Window::step`]; the picture also goes into the tour, in both languages.
    pub async fn sight(&self, record: &mut Record, step: &str, did: &str, proof: impl Into<String>) -> Result<()> {
        self.step(record, step, did, proof).await?;
        if let Some((zh, en)) = record.tour_paths(self.journey, step) {
            self.picture(&zh).await?;
            self.keys(Key::Control + "j").await?;
            self.find_css("html[lang=\"en\"]").await?;
            self.picture(&en).await?;
            self.keys(Key::Control + "j").await?;
            self.find_css("html[lang^=\"zh\"]").await?;
        }
        Ok(())
    }

    /// Takes a picture and notes the step.
    pub async fn step(&self, record: &mut Record, step: &str, did: &str, proof: impl Into<String>) -> Result<()> {
        let path = record.picture_path(self.journey, step);
        self.picture(&path).await?;
        record.step(self.journey, step, did, proof, Some(&path));
        Ok(())
    }

    /// Runs a script in the window and gives what it returns.
    pub async fn run(&self, script: &str) -> Result<serde_json::Value> {
        Ok(self.driver.execute(script, Vec::new()).await?.json().clone())
    }

    /// Notes what the window holds in memory, with the web view's processes, and when its contents were first painted.
    pub async fn figures(&self, record: &mut Record) -> Result<()> {
        let painted_ms = self.run(FIRST_PAINT).await?.as_f64().context("the web view tells its first paint")?;
        let held_mb = proportional_bytes(&self.app) / 1_000_000;
        let proof = format!("{held_mb} MB in memory; contents painted {painted_ms:.0} ms after the page began to load");
        record.step(self.journey, "figures", "measured the window after the case", proof, None);
        Ok(())
    }

    async fn picture(&self, path: &Path) -> Result<()> {
        // What a person waits for before looking closely: pictures that are being fetched and documents that are being set.
        for _look in 0..PICTURE_LOOKS {
            if self.run(SETTLED).await? == serde_json::Value::Bool(true) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        // Two frames, so that what was just drawn is on the picture.
        tokio::time::sleep(Duration::from_millis(250)).await;
        Ok(self.driver.screenshot(path).await?)
    }

    /// Signs in with number and PIN.
    pub async fn sign_in(&self, staff_no: &str, pin: &str) -> Result<()> {
        self.screen("sign-in").await?;
        let listed = format!("[data-testid=\"sign-in-staff\"][data-code=\"{staff_no}\"]");
        if self.count(&listed).await? > 0 {
            self.press_css(&listed).await?;
        } else {
            self.type_into("sign-in-staff-no", staff_no).await?;
        }
        self.type_into("sign-in-pin", pin).await?;
        self.press("sign-in-submit").await
    }

    /// Opens a case of a bundle found by what a clerk types.
    pub async fn open_case(&self, query: &str, bundle: &str) -> Result<()> {
        self.screen("desk").await?;
        self.press("action-new-case").await?;
        self.type_into("new-case-search", query).await?;
        self.press(&format!("new-case-bundle-{bundle}")).await?;
        self.screen("intake-guidance").await
    }

    /// Names the applicant.
    pub async fn name_applicant(&self, name: &str, id_number: &str, phone: &str) -> Result<()> {
        if self.count("[data-testid=\"applicant\"][data-state=\"shown\"]").await? > 0 {
            self.press("action-edit-applicant").await?;
        }
        self.type_into("applicant-name", name).await?;
        self.type_into("applicant-id-number", id_number).await?;
        self.type_into("applicant-phone", phone).await?;
        self.press("applicant-save").await?;
        self.find_state("applicant", "shown").await.map(|_| ())
    }

    /// Answers a question by its choice.
    pub async fn answer(&self, question: &str, choice: &str) -> Result<()> {
        self.press(&format!("answer-{question}-{choice}")).await?;
        self.find_state(&format!("question-{question}"), "answered").await.map(|_| ())
    }

    /// Chooses a paper of the checklist.
    pub async fn choose_paper(&self, material: &str) -> Result<()> {
        self.press(&format!("checklist-item-{material}")).await
    }

    /// Scans what lies in the scanner into a paper; waits until the pages are on disk and judged.
    pub async fn scan(&self, material: &str, pages: usize) -> Result<()> {
        self.bring(material, pages, async || self.press("action-scan").await).await?;
        self.gone("[data-testid=\"page-thumb-scanning\"]").await
    }

    /// Waits, as a clerk does who is told of it, until no page of the case under review is being read any more.
    pub async fn all_read(&self) -> Result<()> {
        self.gone("[data-testid=\"review-reading\"]").await
    }

    /// Imports a file into a paper by its path.
    pub async fn import(&self, material: &str, path: &Path, pages: usize) -> Result<()> {
        let typed = async || {
            self.press("action-import").await?;
            self.type_into("import-path", &path.to_string_lossy()).await?;
            self.press("import-take").await
        };
        self.bring(material, pages, typed).await
    }

    /// Imports a file into a paper through the system's file dialog.
    pub async fn import_by_dialog(&self, material: &str, path: &Path, pages: usize) -> Result<()> {
        let chosen = async || {
            self.press("action-import").await?;
            self.press("import-browse").await?;
            desktop::choose_in_dialog("Import papers", path).await
        };
        self.bring(material, pages, chosen).await
    }

    /// Drags a file from the desktop onto a paper.
    pub async fn drag_in(&self, material: &str, path: &Path, pages: usize) -> Result<()> {
        self.bring(material, pages, async || desktop::drop_file(path).await).await
    }

    /// Chooses a paper, lets pages come into it and waits until so many more of it are on disk and judged.
    async fn bring(&self, material: &str, pages: usize, come: impl AsyncFnOnce() -> Result<()>) -> Result<()> {
        let kept = format!("[data-testid=\"page-thumb\"][data-code=\"{material}\"]:not([data-state=\"pending\"])");
        let before = self.count(&kept).await?;
        self.choose_paper(material).await?;
        come().await?;
        self.at_least(&kept, before + pages).await
    }

    /// Types a value of the form and keeps it.
    pub async fn fill(&self, field: &str, value: &str) -> Result<()> {
        let testid = format!("field-input-{field}");
        let element = self.find(&testid).await?;
        if element.tag_name().await? == "select" {
            let option = self.find_css(&format!("[data-testid=\"{testid}\"] option[value=\"{value}\"]")).await?;
            return Ok(option.click().await?);
        }
        self.type_into(&testid, value).await?;
        Ok(self.find(&testid).await?.send_keys(Key::Enter).await?)
    }
}

/// Starts WebKitWebDriver; what it and the window say goes to `window.log` of the counter.
fn start_driver(stand: &Stand, data: &Path, drawing: &str) -> Result<Child> {
    let log = std::fs::OpenOptions::new().create(true).append(true).open(data.join("window.log"))?;
    Command::new("WebKitWebDriver")
        .arg(format!("--port={DRIVER_PORT}"))
        .env("TAURI_WEBVIEW_AUTOMATION", "true")
        .env("ONEWINDOW_DRAWING", drawing)
        .env("NO_AT_BRIDGE", "1")
        // What the web view keeps (language, chosen scanner) belongs to this counter and this run.
        .env("XDG_DATA_HOME", std::path::absolute(data.join("web"))?)
        .env("XDG_CACHE_HOME", std::path::absolute(data.join("web-cache"))?)
        .envs(stand.environment().iter().cloned())
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .spawn()
        .context("starting WebKitWebDriver")
}

/// Waits for the driver, then asks it once for a window; a second call while the first is under way would start a second window.
async fn open_session(stand: &Stand, data: &Path) -> Result<WebDriver> {
    while std::net::TcpStream::connect(("127.0.0.1", DRIVER_PORT)).is_err() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let mut capabilities = Capabilities::new();
    capabilities.set("webkitgtk:browserOptions", json!({"binary": stand.app(), "args": ["--data", data]}))?;
    Ok(WebDriver::new(format!("http://127.0.0.1:{DRIVER_PORT}"), capabilities).await?)
}

/// Whether a process of this program runs.
fn is_running(program: &Path) -> Result<bool> {
    Ok(Command::new("pgrep")
        .arg("-f")
        .arg(program)
        .stdout(Stdio::null())
        .status()
        .context("looking for the window")?
        .success())
}

/// Sends a signal to every process of this program and waits until they are gone.
async fn end_processes(program: &Path, signal: &str) -> Result<()> {
    let begun = Instant::now();
    while is_running(program)? {
        let signal = if begun.elapsed() > Duration::from_secs(10) { "-KILL" } else { signal };
        Command::new("pkill").arg(signal).arg("-f").arg(program).status().context("ending the window")?;
        tokio::time::sleep(Duration::from_millis(200)).await;
        if begun.elapsed() > PATIENCE {
            bail!("the window's process does not end");
        }
    }
    Ok(())
}
