//! The dependency picture of a system: what needs it above, what it needs below.
//!
//! Two boxes a row, widths in percent and text in pixels, so that 320 px is enough and text never
//! scales. Names take two lines of their box and are cut beyond; the list beside the picture has them whole.

use super::parts::{Health, Icon};
use askama::Template;
use askama::filters::HtmlSafe;

/// What needs a system, and what it needs. Renders as an SVG.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(path = "parts/picture.html")]
pub struct Picture {
    /// This system's name.
    pub name: String,
    /// How it is.
    pub health: Health,
    /// Those that need it, worst first. More than four become one box: `15 more`.
    pub above: Vec<Neighbour>,
    /// Those that it needs, worst first.
    pub below: Vec<Neighbour>,
}

impl HtmlSafe for Picture {}

/// A system beside another.
#[derive(Clone, PartialEq, Debug)]
pub struct Neighbour {
    /// Its name.
    pub name: String,
    /// Its page.
    pub href: String,
    /// How it is.
    pub health: Health,
}

/// Boxes above, and below: two rows of two.
const BOXES: usize = 4;
/// Characters that fit into half a phone's width, and into all of it.
const NAME_HALF: usize = 18;
const NAME_WHOLE: usize = 40;
/// Heights in pixels: a neighbour, the distance between two of them, the system itself, the gap beside it.
const NEIGHBOUR: u32 = 66;
const ROW: u32 = 74;
const ME: u32 = 60;
const GAP: u32 = 28;

/// A box of the picture.
struct Drawn {
    x: &'static str,
    y: u32,
    width: &'static str,
    height: u32,
    /// Its name, in one line or two.
    name: Vec<String>,
    health: Health,
    me: bool,
}

impl Drawn {
    fn word(&self) -> String {
        self.health.state().words.plain().to_owned()
    }

    /// The state's shape. Inside a picture an icon is a nested `svg` with a place of its own.
    fn icon(&self) -> NestedIcon {
        NestedIcon { icon: self.health.icon(), y: self.height - 21 }
    }
}

#[derive(Template)]
#[template(
    source = r##"<svg x="10" y="{{ y }}" class="i{% if icon.symbol().1 %} solid{% endif %}" aria-hidden="true"><use href="#i-{{ icon.symbol().0 }}" width="14" height="14"/></svg>"##,
    ext = "html"
)]
pub(super) struct NestedIcon {
    pub(super) icon: Icon,
    pub(super) y: u32,
}

impl HtmlSafe for NestedIcon {}

impl Picture {
    /// How many rows `n` neighbours take.
    fn rows(n: usize) -> u32 {
        if n == 0 {
            0
        } else if n <= 2 {
            1
        } else {
            2
        }
    }

    /// Where the system's own box begins.
    fn me(&self) -> u32 {
        match Self::rows(self.above.len()) {
            0 => 1,
            rows => 1 + (rows - 1) * ROW + NEIGHBOUR + GAP,
        }
    }

    /// Where the boxes below it begin.
    fn first_below(&self) -> u32 {
        self.me() + ME + GAP
    }

    fn height(&self) -> u32 {
        match Self::rows(self.below.len()) {
            0 => self.me() + ME + 1,
            rows => self.first_below() + (rows - 1) * ROW + NEIGHBOUR + 1,
        }
    }

    fn boxes(&self) -> Vec<Drawn> {
        let (name, health) = (vec![cut(&self.name, NAME_WHOLE)], self.health);
        let me = Drawn { x: "0", y: self.me(), width: "100%", height: ME, name, health, me: true };
        let above = row_of_boxes(&self.above, 1);
        let below = row_of_boxes(&self.below, self.first_below());
        above.chain([me]).chain(below).collect()
    }

    /// Lines as (x1, y1, x2, y2): one across each row, one down the middle on each side.
    fn wires(&self) -> Vec<(&'static str, u32, &'static str, u32)> {
        let mut wires = Vec::new();
        let middle = NEIGHBOUR / 2;
        let mut side = |first: u32, n: usize, from: u32, to: u32| {
            for row in 0..Self::rows(n) {
                // A single neighbour in its row hangs on the left.
                let right = if usize::try_from(row * 2 + 2).is_ok_and(|full| n >= full) { "54%" } else { "50%" };
                wires.push(("46%", first + row * ROW + middle, right, first + row * ROW + middle));
            }
            if n > 0 {
                wires.push(("50%", from, "50%", to));
            }
        };
        side(1, self.above.len(), 1 + middle, self.me());
        let last = self.first_below() + Self::rows(self.below.len()).saturating_sub(1) * ROW + middle;
        side(self.first_below(), self.below.len(), self.me() + ME, last);
        wires
    }

    fn counted(&self, n: usize, one: &str, more: &str) -> String {
        if n == 1 { format!("1 system {one}") } else { format!("{n} systems {more}") }
    }

    /// The picture for those who can't see it.
    fn in_words(&self) -> String {
        let list = |neighbours: &[Neighbour]| {
            let each = neighbours.iter().map(|n| format!("{}, {}", n.name, n.health.word()));
            if neighbours.is_empty() { "nothing".to_owned() } else { each.collect::<Vec<_>>().join("; ") }
        };
        format!(
            "{}, {}. It is needed by: {}. It needs: {}.",
            self.name,
            self.health.word(),
            list(&self.above),
            list(&self.below)
        )
    }
}

fn row_of_boxes(neighbours: &[Neighbour], first: u32) -> impl Iterator<Item = Drawn> {
    let shown = if neighbours.len() > BOXES { BOXES - 1 } else { neighbours.len() };
    let (shown, rest) = neighbours.split_at(shown);
    let more = rest.iter().map(|n| n.health).max_by_key(|h| h.badness());
    let more = more.map(|health| (vec![format!("{} more", rest.len())], health));
    let each = shown.iter().map(|n| (lines(&n.name, NAME_HALF), n.health)).chain(more);
    let places = [("0", 0), ("54%", 0), ("0", ROW), ("54%", ROW)];
    let drawn =
        |((name, health), (x, y))| Drawn { x, y: first + y, width: "46%", height: NEIGHBOUR, name, health, me: false };
    each.zip(places).map(drawn).collect::<Vec<_>>().into_iter()
}

/// `name` in two lines at most, broken between words if that fits.
pub(super) fn lines(name: &str, most: usize) -> Vec<String> {
    if name.chars().count() <= most {
        return vec![name.to_owned()];
    }
    let fits = |at: &usize| name[..*at].chars().count() <= most;
    let Some(at) = name.match_indices(' ').map(|(at, _)| at).rfind(fits) else { return vec![cut(name, most)] };
    vec![name[..at].to_owned(), cut(&name[at + 1..], most)]
}

fn cut(name: &str, most: usize) -> String {
    if name.chars().count() <= most {
        return name.to_owned();
    }
    let cut: String = name.chars().take(most - 1).collect();
    format!("{}…", cut.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(above: usize, below: usize) -> Picture {
        let neighbours = |n| {
            let one = |i| Neighbour {
                name: format!("System number {i} with a long name"),
                href: "/".into(),
                health: if i == 9 { Health::Down } else { Health::Working },
            };
            (0..n).map(one).collect()
        };
        Picture { name: "Directory".into(), health: Health::Down, above: neighbours(above), below: neighbours(below) }
    }

    #[test]
    fn boxes_never_overlap_and_stay_inside() {
        for (above, below) in [(0, 0), (1, 0), (0, 1), (2, 3), (4, 4), (18, 5)] {
            let picture = picture(above, below);
            let boxes = picture.boxes();
            assert_eq!(boxes.len(), above.min(4) + 1 + below.min(4));
            for (i, a) in boxes.iter().enumerate() {
                assert!(a.y + a.height < picture.height());
                for b in &boxes[i + 1..] {
                    let beside = a.x != b.x && !a.me && !b.me;
                    assert!(beside || a.y + a.height < b.y, "{above}/{below}");
                }
            }
            let lowest = picture.wires().iter().map(|w| w.1.max(w.3)).max().unwrap_or(0);
            assert!(lowest < picture.height());
        }
    }

    #[test]
    fn those_that_do_not_fit_are_counted_with_their_worst_state() {
        let boxes = picture(18, 0).boxes();
        assert_eq!((boxes[3].name.join(" ").as_str(), boxes[3].health), ("15 more", Health::Down));
        assert_eq!(boxes[0].name, ["System number 0", "with a long name"]);
        for (name, shown) in [
            ("Directory and sign-in for everybody", &["Directory and", "sign-in for every…"][..]),
            ("Wireless", &["Wireless"]),
            ("Übernachtungsverzeichnisdienst", &["Übernachtungsverz…"]),
        ] {
            assert_eq!(lines(name, NAME_HALF), shown);
        }
    }
}
