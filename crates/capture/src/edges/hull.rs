//! Plane geometry for outlines: convex hull, the quadrilateral round it, fitted lines.
//! Absent on purpose: pictures.

use crate::page::Corner;

/// Width by height of a rectangle from its four corners as a camera sees them, when the camera's middle is `centre`. `None` when
/// the corners fit no camera. Source: Zhang and He, "Whiteboard scanning and image enhancement", 2006.
pub(super) fn true_ratio(corners: &[Corner; 4], centre: Corner) -> Option<f32> {
    let at = |i: usize| [f64::from(corners[i].x - centre.x), f64::from(corners[i].y - centre.y), 1.0f64];
    // Their order: top left, top right, bottom left, bottom right.
    let (m1, m2, m3, m4) = (at(0), at(1), at(3), at(2));
    let cross = |a: [f64; 3], b: [f64; 3]| [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
    let dot = |a: [f64; 3], b: [f64; 3]| a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    let k2 = dot(cross(m1, m4), m3) / dot(cross(m2, m4), m3);
    let k3 = dot(cross(m1, m4), m2) / dot(cross(m3, m4), m2);
    let n2 = [0, 1, 2].map(|i| k2 * m2[i] - m1[i]);
    let n3 = [0, 1, 2].map(|i| k3 * m3[i] - m1[i]);
    let flat = |n: [f64; 3]| n[0] * n[0] + n[1] * n[1];
    let span = flat(n2).sqrt().max(flat(n3).sqrt());
    let ratio = if (n2[2] * n3[2]).abs() < 1e-4 {
        // Both or one pair of sides run parallel: seen straight from above, or the focal length does not show.
        (n2[2].abs() < 0.02 && n3[2].abs() < 0.02).then(|| (flat(n2) / flat(n3)).sqrt())?
    } else {
        let focal = -(n2[0] * n3[0] + n2[1] * n3[1]) / (n2[2] * n3[2]);
        // Between a very wide and a very long lens, squared, in spans of the paper.
        if !(0.25 * span * span..100.0 * span * span).contains(&focal) {
            return None;
        }
        ((flat(n2) / focal + n2[2] * n2[2]) / (flat(n3) / focal + n3[2] * n3[2])).sqrt()
    };
    (ratio.is_finite() && (0.1..10.0).contains(&ratio)).then_some(ratio as f32)
}

/// The convex hull, clockwise on a picture (y downwards) from the leftmost point.
pub(super) fn convex_hull(points: &[Corner]) -> Vec<Corner> {
    let mut sorted = points.to_vec();
    sorted.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    let half = |points: &mut dyn Iterator<Item = Corner>| {
        let mut chain: Vec<Corner> = Vec::new();
        for p in points {
            while let [.., a, b] = chain.as_slice() {
                if cross(*a, *b, p) > 0.0 {
                    break;
                }
                chain.pop();
            }
            chain.push(p);
        }
        chain.pop();
        chain
    };
    let mut hull = half(&mut sorted.iter().copied());
    hull.extend(half(&mut sorted.iter().rev().copied()));
    hull
}

fn cross(a: Corner, b: Corner, c: Corner) -> f32 {
    (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
}

/// Area inside a polygon.
pub(super) fn area(points: &[Corner]) -> f32 {
    let n = points.len();
    let twice: f32 = (0..n).map(|i| points[i].x * points[(i + 1) % n].y - points[(i + 1) % n].x * points[i].y).sum();
    twice.abs() / 2.0
}

/// The quadrilateral round a hull, ordered from the corner nearest to the top left, clockwise. Sides are dropped one by one, always
/// the one whose neighbours close over it with the least new area; rounded corners so become sharp.
pub(super) fn quadrilateral(hull: &[Corner]) -> Option<[Corner; 4]> {
    let mut polygon = hull.to_vec();
    while polygon.len() > 4 {
        let n = polygon.len();
        let best = (0..n)
            .filter_map(|i| {
                let (before, a, b, after) = (polygon[(i + n - 1) % n], polygon[i], polygon[(i + 1) % n], polygon[(i + 2) % n]);
                let meet = intersection(&line_of(before, a), &line_of(b, after))?;
                // The neighbours must meet on the outer side of the dropped one.
                (cross(a, b, meet) <= 0.0).then(|| (i, meet, area(&[a, meet, b])))
            })
            .min_by(|x, y| x.2.total_cmp(&y.2))?;
        let (i, meet, _) = best;
        polygon[i] = meet;
        polygon.remove((i + 1) % n);
    }
    let corners: [Corner; 4] = polygon.try_into().ok()?;
    let first = (0..4).min_by(|&a, &b| (corners[a].x + corners[a].y).total_cmp(&(corners[b].x + corners[b].y)))?;
    Some([0, 1, 2, 3].map(|i| corners[(first + i) % 4]))
}

/// Whether opposite sides are alike and all angles are between 60 and 120 degrees: a rectangle seen from a counter.
pub(super) fn is_rectangular(corners: &[Corner; 4]) -> bool {
    let side = |i: usize| {
        let (a, b) = (corners[i % 4], corners[(i + 1) % 4]);
        (b.x - a.x, b.y - a.y)
    };
    let length = |i: usize| side(i).0.hypot(side(i).1);
    let alike = |a: f32, b: f32| a.min(b) > 4.0 && a.max(b) / a.min(b) < 1.6;
    alike(length(0), length(2))
        && alike(length(1), length(3))
        && (0..4).all(|i| {
            let (a, b) = (side(i), side(i + 1));
            let cosine = (a.0 * b.0 + a.1 * b.1) / (length(i) * length(i + 1)).max(1.0);
            cosine.abs() < 0.5
        })
}

/// The line `a·x + b·y = c` through two points, with `a² + b² = 1`.
pub(super) fn line_of(p: Corner, q: Corner) -> [f32; 3] {
    let length = (q.x - p.x).hypot(q.y - p.y).max(1e-6);
    let (a, b) = ((q.y - p.y) / length, (p.x - q.x) / length);
    [a, b, a * p.x + b * p.y]
}

/// Where two lines meet; `None` when they are nearly parallel.
pub(super) fn intersection(m: &[f32; 3], n: &[f32; 3]) -> Option<Corner> {
    let det = m[0] * n[1] - n[0] * m[1];
    (det.abs() > 1e-4).then(|| Corner {
        x: (m[2] * n[1] - n[2] * m[1]) / det,
        y: (m[0] * n[2] - n[0] * m[2]) / det,
    })
}

/// The line of least squared distance through points, twice without the points furthest off.
pub(super) fn line_through(points: &[Corner]) -> Option<[f32; 3]> {
    let mut kept = points.to_vec();
    let mut line = total_least_squares(&kept)?;
    for _ in 0..2 {
        let off = |p: &Corner| (line[0] * p.x + line[1] * p.y - line[2]).abs();
        let mut residuals: Vec<f32> = kept.iter().map(off).collect();
        residuals.sort_by(f32::total_cmp);
        let bound = (residuals[residuals.len() / 2] * 2.5).max(0.4);
        kept = kept.iter().filter(|p| off(p) <= bound).copied().collect();
        line = total_least_squares(&kept)?;
    }
    Some(line)
}

fn total_least_squares(points: &[Corner]) -> Option<[f32; 3]> {
    if points.len() < 8 {
        return None;
    }
    let n = points.len() as f32;
    let (mx, my) = (points.iter().map(|p| p.x).sum::<f32>() / n, points.iter().map(|p| p.y).sum::<f32>() / n);
    let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
    for p in points {
        xx += (p.x - mx) * (p.x - mx);
        xy += (p.x - mx) * (p.y - my);
        yy += (p.y - my) * (p.y - my);
    }
    // Direction of the greatest spread; the normal is across it.
    let angle = 0.5 * (2.0 * xy).atan2(xx - yy);
    let (a, b) = (-angle.sin(), angle.cos());
    Some([a, b, a * mx + b * my])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn c(x: f32, y: f32) -> Corner {
        Corner { x, y }
    }

    #[test]
    fn a_cut_corner_is_made_sharp_again() {
        let outline = convex_hull(&[
            c(10.0, 0.0),
            c(90.0, 0.0),
            c(100.0, 10.0),
            c(100.0, 50.0),
            c(0.0, 50.0),
            c(0.0, 10.0),
            c(50.0, 25.0),
        ]);
        let corners = quadrilateral(&outline).expect("four sides");
        assert_eq!(corners, [c(0.0, 0.0), c(100.0, 0.0), c(100.0, 50.0), c(0.0, 50.0)]);
        assert_eq!(area(&corners), 5000.0);
        assert!(is_rectangular(&corners));
    }

    #[test]
    fn the_ratio_survives_perspective() {
        // A rectangle of 1.5 by 1 tilted about both axes before a camera of focal length 1200.
        let (a, b) = (0.35f32, -0.25f32);
        let seen = [(-1.5, -1.0), (1.5, -1.0), (1.5, 1.0), (-1.5, 1.0)].map(|(x, y): (f32, f32)| {
            let (y, z) = (y * a.cos(), y * a.sin());
            let (x, z) = (x * b.cos() + z * b.sin(), z * b.cos() - x * b.sin());
            let depth = 5.0 + z;
            c(1000.0 + 1200.0 * x / depth, 700.0 + 1200.0 * y / depth)
        });
        let ratio = true_ratio(&seen, c(1000.0, 700.0)).expect("a camera sees this");
        assert!((ratio - 1.5).abs() < 0.01, "{ratio}");
        let straight = [c(0.0, 0.0), c(300.0, 0.0), c(300.0, 200.0), c(0.0, 200.0)];
        assert!((true_ratio(&straight, c(150.0, 100.0)).expect("seen from above") - 1.5).abs() < 0.001);
    }

    #[test]
    fn a_line_ignores_points_far_off() {
        let mut points: Vec<Corner> = (0..40).map(|i| c(i as f32, 5.0)).collect();
        points.extend([c(7.0, 30.0), c(9.0, -20.0)]);
        let line = line_through(&points).expect("enough points");
        assert!((line[0].abs()) < 0.01 && (line[2].abs() - 5.0).abs() < 0.1, "{line:?}");
    }
}
