//! Pages on their way into the centre and out of it again: who may send, ask for and see them.

use axum::body::Bytes;
use futures::{Stream, StreamExt};
use onewindow_case::ids::Digest;
use onewindow_wire::entries::{PageReceipt, PagesAsked, PagesMissing};

use crate::access::{Caller, CounterCaller};
use crate::centre::Centre;
use crate::fault::CentreFault;
use crate::page_files::PageFault;

/// Most digests in one question.
const ASKED_MAX: usize = 1_000;
/// How long a sender may pause in the middle of a page.
const PAUSE: std::time::Duration = std::time::Duration::from_secs(60);

impl Centre {
    /// Which of these pages no counter of the branch has sent yet.
    pub(crate) async fn missing_pages(&self, caller: &CounterCaller, asked: &PagesAsked) -> Result<PagesMissing, CentreFault> {
        if asked.digests.len() > ASKED_MAX {
            return Err(CentreFault::TooLarge);
        }
        let mut view = self.database.view().await?;
        let mut missing = Vec::new();
        for text in &asked.digests {
            let digest = parse(text)?;
            if view.find_page_of_branch(&digest, &caller.branch).await?.is_none() {
                missing.push(digest.to_string());
            }
        }
        Ok(PagesMissing { missing })
    }

    /// Takes a page; durable when this returns. Cases that waited for it go on.
    pub(crate) async fn receive_page<E>(
        &self,
        caller: &CounterCaller,
        digest: &str,
        mut body: impl Stream<Item = Result<Bytes, E>> + Unpin,
    ) -> Result<PageReceipt, CentreFault> {
        let digest = parse(digest)?;
        let mut incoming = self.pages.begin().await?;
        loop {
            match tokio::time::timeout(PAUSE, body.next()).await {
                Ok(Some(Ok(bytes))) => incoming.write(&bytes).await?,
                Ok(None) => break,
                Ok(Some(Err(_))) | Err(_) => return Err(PageFault::Interrupted.into()),
            }
        }
        let size = self.pages.keep(incoming, &digest).await?;
        let mut change = self.database.change().await?;
        for case in change.add_page(&digest, &caller.branch, size, self.clock.now_ms()).await? {
            self.advance(&mut change, case).await?;
        }
        change.commit().await?;
        self.bell.notify_waiters();
        Ok(PageReceipt {
            digest: digest.to_string(),
            size,
        })
    }

    /// Size of a page that the caller may see: one of its branch, or one of a case that is with its department.
    pub(crate) async fn page_size(&self, caller: &Caller, digest: &str) -> Result<u64, CentreFault> {
        let digest = parse(digest)?;
        let mut view = self.database.view().await?;
        let size = match caller {
            Caller::Counter(counter) => view.find_page_of_branch(&digest, &counter.branch).await?,
            Caller::Department(department) => view.find_page_of_department(&digest, department.department.as_str()).await?,
        };
        size.ok_or(CentreFault::Unknown("page"))
    }

    /// The bytes of a page that the caller may see.
    pub(crate) async fn page(&self, caller: &Caller, digest: &str) -> Result<Vec<u8>, CentreFault> {
        self.page_size(caller, digest).await?;
        let digest = parse(digest)?;
        self.pages.find(&digest).await?.ok_or_else(|| PageFault::Damaged.into())
    }
}

fn parse(text: &str) -> Result<Digest, CentreFault> {
    Digest::parse_hex(text).ok_or(CentreFault::Malformed("digest"))
}
