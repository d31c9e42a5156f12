//! Time limits as the catalogue writes them: `30 min`, `2 h`, `5 wd`, `15 cd`, `at once`. Absent on purpose: adding them to a date (crate `case`).

use std::fmt;

use onewindow_case::text::Bilingual;

/// A length of time promised or set by law.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeLimit {
    /// An immediate case (即办件).
    AtOnce,
    /// Minutes of office time.
    Minutes(u32),
    /// Hours of office time.
    Hours(u32),
    /// Working days.
    WorkingDays(u32),
    /// Calendar days.
    CalendarDays(u32),
}

impl TimeLimit {
    /// Longest number taken seriously, in any unit.
    pub const NUMBER_MAX: u32 = 3_650;

    /// Reads the catalogue's notation; `None` when it is not one of the forms above.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text == "at once" {
            return Some(Self::AtOnce);
        }
        let (number, unit) = text.split_once(' ')?;
        let number: u32 = number.parse().ok().filter(|n| (1..=Self::NUMBER_MAX).contains(n))?;
        match unit.trim() {
            "min" => Some(Self::Minutes(number)),
            "h" => Some(Self::Hours(number)),
            "wd" => Some(Self::WorkingDays(number)),
            "cd" => Some(Self::CalendarDays(number)),
            _ => None,
        }
    }

    /// The words a person reads.
    pub fn words(self) -> Bilingual {
        let plural = |n: u32, one: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") };
        match self {
            Self::AtOnce => Bilingual::new("即办", "at once"),
            Self::Minutes(n) => Bilingual::new(format!("{n} 分钟"), plural(n, "minute")),
            Self::Hours(n) => Bilingual::new(format!("{n} 小时"), plural(n, "hour")),
            Self::WorkingDays(n) => Bilingual::new(format!("{n} 个工作日"), plural(n, "working day")),
            Self::CalendarDays(n) => Bilingual::new(format!("{n} 日"), plural(n, "calendar day")),
        }
    }
}

impl fmt::Display for TimeLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtOnce => write!(f, "at once"),
            Self::Minutes(n) => write!(f, "{n} min"),
            Self::Hours(n) => write!(f, "{n} h"),
            Self::WorkingDays(n) => write!(f, "{n} wd"),
            Self::CalendarDays(n) => write!(f, "{n} cd"),
        }
    }
}

/// A limit set by law.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statutory {
    /// How long, when the law counts a time for the authority.
    pub limit: Option<TimeLimit>,
    /// Where it stands or what it says.
    pub basis: Bilingual,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_written_as_it_is_read() {
        for text in ["at once", "30 min", "2 h", "5 wd", "15 cd"] {
            assert_eq!(TimeLimit::parse(text).map(|limit| limit.to_string()).as_deref(), Some(text));
        }
    }

    #[test]
    fn nonsense_is_not_a_limit() {
        for text in ["", "5", "wd", "-1 wd", "0 h", "5 weeks", "99999 wd", "5 wd and more", "５ wd"] {
            assert_eq!(TimeLimit::parse(text), None, "{text}");
        }
    }
}
