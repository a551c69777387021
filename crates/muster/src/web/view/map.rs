//! How systems hang together: those that people use above, what they need below. All of them, or the parts of one plan.
//!
//! Layers by the longest way down, ordered so that few lines cross. A layer that is too wide for a screen goes on in the
//! next line. Names are cut; the list of systems has them whole.

use super::parts::{Icon, State};
use super::picture::{NestedIcon, lines};
use askama::Template;
use askama::filters::HtmlSafe;

/// Systems and what each needs. Renders as an SVG whose boxes are links.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(path = "parts/map.html")]
pub struct Map {
    /// What is drawn.
    pub systems: Vec<Node>,
    /// Who needs whom, by their places in that list.
    pub needs: Vec<(usize, usize)>,
    /// Those of them that carry nothing, or may not.
    pub cut: Vec<(usize, usize)>,
    /// Boxes in a line: what a wide screen shows there. At least one.
    pub breadth: usize,
}

impl HtmlSafe for Map {}

/// A system on it.
#[derive(Clone, PartialEq, Debug)]
pub struct Node {
    /// Its name.
    pub name: String,
    /// Where more about it stands.
    pub href: String,
    /// How it is.
    pub state: State,
}

/// Characters of a name in one line of its box.
const NAME: usize = 19;
/// A box and the distances between boxes, in pixels.
const WIDTH: usize = 148;
const HEIGHT: usize = 66;
const ASIDE: usize = 16;
const BELOW: usize = 44;
/// How often each layer is ordered by those beside it: more changes nothing that one sees.
const SWEEPS: usize = 6;

/// A box with its place.
struct Placed<'a> {
    node: &'a Node,
    x: usize,
    y: usize,
}

impl Placed<'_> {
    fn name(&self) -> Vec<String> {
        lines(&self.node.name, NAME)
    }

    fn word(&self) -> String {
        self.node.state.words.plain().to_owned()
    }

    /// The class of its edge: what is down or at fault is filled, what is suspected is dashed.
    fn edge(&self) -> &'static str {
        match self.node.state.icon {
            Icon::Down => " bad",
            Icon::Flag => " sus",
            _ => "",
        }
    }

    fn icon(&self) -> NestedIcon {
        NestedIcon { icon: self.node.state.icon, y: (HEIGHT - 21).try_into().unwrap_or(0) }
    }
}

/// A map with everything in its place.
struct Drawn<'a> {
    boxes: Vec<Placed<'a>>,
    /// Lines: the class of each, and the path of its curve.
    wires: Vec<(&'static str, String)>,
    width: usize,
    height: usize,
}

impl Map {
    fn drawn(&self) -> Drawn<'_> {
        let rows = rows(self.systems.len(), &self.needs, self.breadth);
        let widest = rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = (widest * (WIDTH + ASIDE)).saturating_sub(ASIDE) + 2;
        let mut places = vec![(0, 0); self.systems.len()];
        for (nth, row) in rows.iter().enumerate() {
            let begin = 1 + (widest - row.len()) * (WIDTH + ASIDE) / 2;
            for (column, system) in row.iter().enumerate() {
                places[*system] = (begin + column * (WIDTH + ASIDE), 1 + nth * (HEIGHT + BELOW));
            }
        }
        let wire = |need: &(usize, usize)| {
            let ((x1, y1), (x2, y2)) = (places[need.0], places[need.1]);
            let (x1, x2) = (x1 + WIDTH / 2, x2 + WIDTH / 2);
            // From the edge that looks at the other, whichever of them is above.
            let (y1, y2) = if y1 <= y2 { (y1 + HEIGHT, y2) } else { (y1, y2 + HEIGHT) };
            let middle = usize::midpoint(y1, y2);
            let class = if self.cut.contains(need) { "wire cut" } else { "wire" };
            (class, format!("M{x1} {y1}C{x1} {middle} {x2} {middle} {x2} {y2}"))
        };
        let boxes = self.systems.iter().zip(&places).map(|(node, &(x, y))| Placed { node, x, y });
        Drawn {
            boxes: boxes.collect(),
            wires: self.needs.iter().map(wire).collect(),
            width,
            height: (rows.len() * (HEIGHT + BELOW)).saturating_sub(BELOW) + 2,
        }
    }
}

/// Which systems stand in which line, from above.
fn rows(systems: usize, needs: &[(usize, usize)], breadth: usize) -> Vec<Vec<usize>> {
    let layer = layers(systems, needs);
    let depth = layer.iter().max().map_or(0, |deepest| deepest + 1);
    let mut rows: Vec<Vec<usize>> = (0..depth).map(|d| (0..systems).filter(|s| layer[*s] == d).collect()).collect();
    for sweep in 0..SWEEPS {
        let mut place = vec![0.0; systems];
        let middle = |row: &[usize], n: usize| n as f64 - (row.len() as f64 - 1.0) / 2.0;
        let note =
            |place: &mut Vec<f64>, row: &[usize]| row.iter().enumerate().for_each(|(n, s)| place[*s] = middle(row, n));
        rows.iter().for_each(|row| note(&mut place, row));
        let down = sweep % 2 == 0;
        let order: Vec<usize> = if down { (0..depth).collect() } else { (0..depth).rev().collect() };
        for d in order {
            // Above and below weigh alike: who needs something stands over it.
            let key = |s: usize| {
                let beside = needs.iter().filter_map(|&(a, b)| match (a == s, b == s) {
                    (true, false) => Some(b),
                    (false, true) => Some(a),
                    _ => None,
                });
                let all: Vec<_> = beside.map(|other| place[other]).collect();
                if all.is_empty() { place[s] } else { all.iter().sum::<f64>() / all.len() as f64 }
            };
            let mut row = rows[d].clone();
            row.sort_by(|a, b| key(*a).total_cmp(&key(*b)));
            note(&mut place, &row);
            rows[d] = row;
        }
    }
    rows.iter().flat_map(|row| row.chunks(breadth).map(<[usize]>::to_vec)).collect()
}

/// How deep each stands: one below the deepest that needs it. What needs itself through others is followed once.
fn layers(systems: usize, needs: &[(usize, usize)]) -> Vec<usize> {
    let mut state = vec![Visit::Not; systems];
    let mut downwards = Vec::new(); // those that lead to others, after all they lead to
    let mut forward = vec![Vec::new(); systems];
    let of = |from: usize| needs.iter().filter(move |(a, b)| *a == from && b != a).map(|(_, b)| *b);
    for start in 0..systems {
        let mut todo = vec![(start, false)];
        while let Some((s, left)) = todo.pop() {
            if left {
                state[s] = Visit::Over;
                downwards.push(s);
                continue;
            }
            if state[s] != Visit::Not {
                continue;
            }
            state[s] = Visit::On;
            todo.push((s, true));
            for next in of(s) {
                // A way back to where we come from would never end.
                if state[next] != Visit::On {
                    forward[s].push(next);
                    todo.push((next, false));
                }
            }
        }
    }
    let mut layer = vec![0; systems];
    for s in downwards.into_iter().rev() {
        for &next in &forward[s] {
            layer[next] = layer[next].max(layer[s] + 1);
        }
    }
    layer
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Visit {
    Not,
    On,
    Over,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn map(systems: usize, needs: &[(usize, usize)]) -> Map {
        let node = |n| Node { name: format!("System {n}"), href: format!("/systems/{n}"), state: State::done("Up") };
        Map { systems: (0..systems).map(node).collect(), needs: needs.to_vec(), cut: vec![], breadth: 7 }
    }

    #[test]
    fn what_is_needed_stands_below_whoever_needs_it() {
        // Portal and mail need the directory, which needs storage; the portal needs storage too.
        let layer = layers(4, &[(0, 2), (1, 2), (2, 3), (0, 3)]);
        assert_eq!(layer, [0, 0, 1, 2]);
        assert_eq!(layers(3, &[(0, 1), (1, 2), (2, 0)]), [0, 1, 2], "a circle is followed once");
        assert_eq!(layers(1, &[(0, 0)]), [0]);
        assert!(layers(0, &[]).is_empty());
    }

    #[test]
    fn neighbours_stand_over_each_other() {
        // Without ordering the lines of 0-5, 1-4, 2-3 would all cross.
        let rows = rows(6, &[(0, 5), (1, 4), (2, 3)], 7);
        let above: Vec<_> = rows[0].iter().map(|s| 5 - s).collect();
        assert_eq!(above, rows[1]);
    }

    proptest! {
        #[test]
        fn every_box_has_its_own_place_inside(n in 1_usize..40, raw in prop::collection::vec((0_usize..40, 0_usize..40), 0..120)) {
            let needs: Vec<_> = raw.into_iter().filter(|(a, b)| *a < n && *b < n && a != b).collect();
            let map = map(n, &needs);
            let drawn = map.drawn();
            prop_assert_eq!(drawn.boxes.len(), n);
            for (i, a) in drawn.boxes.iter().enumerate() {
                prop_assert!(a.x + WIDTH < drawn.width && a.y + HEIGHT < drawn.height);
                for b in &drawn.boxes[i + 1..] {
                    prop_assert!(a.y != b.y || a.x.abs_diff(b.x) >= WIDTH + ASIDE, "boxes overlap");
                }
            }
            let acyclic: Vec<_> = needs.iter().copied().filter(|(a, b)| a < b).collect();
            let layer = layers(n, &acyclic);
            for (a, b) in acyclic {
                prop_assert!(layer[a] < layer[b]);
            }
        }
    }
}
