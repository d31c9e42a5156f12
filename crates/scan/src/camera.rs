//! Document cameras, as far as they are bytes: what a frame is, which of a camera's formats is taken, how a stream of pictures over
//! HTTP is read. Pure; the worker program opens devices and connections. Bytes from a camera are untrusted and meet limits first.
//!
//! A camera is named by an identity that begins with [`V4L2_PREFIX`] (a device of the system) or [`SERVICE_PREFIX`] (the address of the
//! service that its maker installs on this PC).

mod frame;
mod multipart;

pub use frame::{FRAME_BYTES_MAX, FRAME_PIXELS_MAX, Frame, Offer, PixelFormat, Yuyv, best_offer};
pub use multipart::{PartFault, PartReader, boundary_of};

/// Beginning of the identity of a camera that the system knows as a video device; the device's path follows.
pub const V4L2_PREFIX: &str = "v4l2:";
/// Beginning of the identity of a maker's service; its address follows.
pub const SERVICE_PREFIX: &str = "camera:";

/// Whether an identity names a camera.
pub fn is_camera(id: &str) -> bool {
    id.starts_with(V4L2_PREFIX) || id.starts_with(SERVICE_PREFIX)
}
