//! The invented people, families and companies that papers are made out to.
//! Nobody here exists: resident identity numbers use the sequence codes 996-999 that were kept aside in the 15-digit era,
//! organisation codes the unused block `..YYYYnn`, and the city of 云溪 is on no map.

use time::{Date, Duration, Month};

use super::numbers;
use super::random::Random;

/// Everybody a paper may be about; every kind of paper can be drawn from any cast.
#[derive(Debug, Clone, PartialEq)]
pub struct Cast {
    /// Whose card, passport or portrait is drawn.
    pub holder: Person,
    /// For household, birth and marriage papers.
    pub family: Family,
    /// For licences, articles, contracts and plans.
    pub company: Company,
    /// The date on forms and signatures.
    pub today: Date,
}

impl Cast {
    /// The cast of the two demonstration journeys; the holder is the mother.
    #[must_use]
    pub fn demo() -> Self {
        let family = demo_newborn_family();
        Self {
            holder: family.mother.clone(),
            family,
            company: demo_karaoke_company(),
            today: DEMO_DAY,
        }
    }

    /// A reproducible invented cast.
    #[must_use]
    pub fn invent(seed: u64) -> Self {
        let holder = Person::invent(seed);
        Self {
            holder,
            family: Family::invent(seed ^ 0x0FA1),
            company: Company::invent(seed ^ 0x0C0A),
            today: DEMO_DAY,
        }
    }

    /// The same cast with another holder.
    #[must_use]
    pub fn held_by(&self, holder: &Person) -> Self {
        Self {
            holder: holder.clone(),
            ..self.clone()
        }
    }
}

/// The business day of the demonstration.
pub const DEMO_DAY: Date = date(2026, Month::November, 24);

/// Female or male, as the civil registers of the time know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    /// 女
    Female,
    /// 男
    Male,
}

impl Sex {
    /// As printed on Chinese papers.
    #[must_use]
    pub fn zh(self) -> &'static str {
        match self {
            Self::Female => "女",
            Self::Male => "男",
        }
    }

    /// As printed in machine-readable zones.
    #[must_use]
    pub fn letter(self) -> char {
        match self {
            Self::Female => 'F',
            Self::Male => 'M',
        }
    }
}

/// An invented person.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// Family name and given name in Chinese characters.
    pub name: String,
    /// Family name in capital Latin letters.
    pub surname_latin: String,
    /// Given name in capital Latin letters.
    pub given_latin: String,
    /// As registered.
    pub sex: Sex,
    /// Ethnic group without 族, for example 汉.
    pub ethnic: String,
    /// Date of birth.
    pub birth: Date,
    /// Registered address in one line.
    pub address: String,
    /// Native place 籍贯.
    pub native_place: String,
    /// 18 characters with a fitting check character.
    pub resident_id: String,
    /// Eleven-digit mobile number.
    pub phone: String,
    /// Issuing office of the identity card.
    pub issuer: String,
    /// First day of the card.
    pub valid_from: Date,
    /// Last day of the card; `None` is 长期.
    pub valid_to: Option<Date>,
    /// Passport number.
    pub passport_no: String,
    /// Schooling as the household register words it.
    pub schooling: String,
    /// Occupation.
    pub occupation: String,
    /// Employer.
    pub workplace: String,
}

impl Person {
    /// An invented adult between 20 and 60 on the demonstration day; the same seed gives the same person.
    #[must_use]
    pub fn invent(seed: u64) -> Self {
        let mut random = Random::from_seed(seed);
        let sex = if random.unit() < 0.5 { Sex::Female } else { Sex::Male };
        let age_days = random.whole(20 * 366, 60 * 365);
        let birth = DEMO_DAY - Duration::days(i64::from(age_days));
        let surname = *random.pick(&SURNAMES);
        let first = *random.pick(&GIVEN);
        let second = *random.pick(&GIVEN);
        // About one given name in six has a single character.
        let single = random.unit() < 0.16;
        let given = if single { first.0.to_owned() } else { format!("{}{}", first.0, second.0) };
        let given_latin = if single { first.1.to_owned() } else { format!("{}{}", first.1, second.1) };
        let region = *random.pick(&REGIONS);
        let address = invent_address(&mut random);
        let sequence = if sex == Sex::Male {
            *random.pick(&[997, 999])
        } else {
            *random.pick(&[996, 998])
        };
        let ethnic = if random.unit() < 0.85 {
            "汉"
        } else {
            random.pick(&["畲", "回", "土家", "苗", "蒙古", "维吾尔", "朝鲜"])
        };
        Self {
            name: format!("{}{given}", surname.0),
            surname_latin: surname.1.to_owned(),
            given_latin,
            sex,
            ethnic: ethnic.to_owned(),
            birth,
            address,
            native_place: format!("浙江省{}", region.1),
            resident_id: make_resident_id(region.0, birth, sequence),
            phone: format!("1380000{:04}", random.whole(0, 9999)),
            issuer: "云溪市公安局".to_owned(),
            passport_no: format!("E{}000{:04}", random.pick(&['A', 'B', 'H', 'K']), random.whole(0, 9999)),
            schooling: (*random.pick(&["大学本科", "大学专科", "高中", "初中"])).to_owned(),
            occupation: (*random.pick(&["职员", "教师", "工程技术人员", "个体经营"])).to_owned(),
            workplace: format!("云溪市{}有限公司", random.pick(&["听泉制衣", "临江电子", "南塘食品", "望山建材"])),
            valid_from: DEMO_DAY,
            valid_to: None,
        }
        .with_card_issued(random.whole(0, 4 * 365))
    }

    /// The family name in Chinese characters, one or two of them.
    #[must_use]
    pub fn surname(&self) -> &str {
        let compound = SURNAMES
            .iter()
            .map(|(zh, _)| *zh)
            .find(|zh| zh.chars().count() == 2 && self.name.starts_with(zh));
        let length = compound.map_or_else(|| self.name.chars().next().map_or(0, char::len_utf8), str::len);
        &self.name[..length]
    }

    /// Family name and given names as cards and passports print them in Latin letters.
    #[must_use]
    pub fn latin_name(&self) -> String {
        format!("{}, {}", self.surname_latin, self.given_latin)
    }

    /// What a machine-readable zone tells of the person, on a document that is valid to a day.
    #[must_use]
    pub fn bearer(&self, expires: Date) -> numbers::Bearer<'_> {
        numbers::Bearer {
            surname: &self.surname_latin,
            given: &self.given_latin,
            birth: numbers::six(self.birth),
            sex: self.sex.letter(),
            expiry: numbers::six(expires),
        }
    }

    /// Sets the card's term after the holder's age at issue (Identity Card Law, article 5: 5, 10, 20 years or long-term).
    fn with_card_issued(mut self, days_ago: u32) -> Self {
        self.valid_from = DEMO_DAY - Duration::days(i64::from(days_ago));
        let term_years = match age_years(self.birth, self.valid_from) {
            ..16 => Some(5),
            16..=25 => Some(10),
            26..=45 => Some(20),
            _ => None,
        };
        self.valid_to = term_years.map(|years| years_later(self.valid_from, years));
        self
    }
}

/// A household with a newborn child.
#[derive(Debug, Clone, PartialEq)]
pub struct Family {
    /// Mother, the usual applicant.
    pub mother: Person,
    /// Father, head of the household.
    pub father: Person,
    /// The father's mother, second page of the booklet.
    pub grandmother: Person,
    /// The child.
    pub child: Newborn,
    /// Number of the household booklet.
    pub household_no: String,
    /// Police station that keeps the register.
    pub police_station: String,
    /// Day of the marriage.
    pub married: Date,
    /// Number of the marriage certificate.
    pub marriage_no: String,
}

/// A child as the birth certificate knows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Newborn {
    /// Chinese name.
    pub name: String,
    /// As observed.
    pub sex: Sex,
    /// Day of birth.
    pub birth: Date,
    /// Hour of birth, 0-23.
    pub hour: u8,
    /// Minute of birth, 0-59.
    pub minute: u8,
    /// Completed weeks of pregnancy.
    pub gestation_weeks: u32,
    /// Weight in grams.
    pub weight_g: u32,
    /// Length in centimetres.
    pub length_cm: u32,
    /// Hospital.
    pub hospital: String,
    /// Number of the birth medical certificate, a letter and nine digits.
    pub certificate_no: String,
}

impl Family {
    /// A reproducible invented family.
    #[must_use]
    pub fn invent(seed: u64) -> Self {
        let mut random = Random::from_seed(seed);
        let mut family = demo_newborn_family();
        let adult = |wanted: Sex, random: &mut Random| loop {
            let person = Person::invent(random.next_bits());
            if person.sex == wanted && age_years(person.birth, DEMO_DAY) < 45 {
                break person;
            }
        };
        family.mother = adult(Sex::Female, &mut random);
        family.father = adult(Sex::Male, &mut random);
        family.mother.address.clone_from(&family.father.address);
        family.grandmother.address.clone_from(&family.father.address);
        let surname = family.father.surname().to_owned();
        family.child.name = format!("{surname}{}{}", random.pick(&GIVEN).0, random.pick(&GIVEN).0);
        family.child.sex = if random.unit() < 0.5 { Sex::Female } else { Sex::Male };
        family.child.birth = DEMO_DAY - Duration::days(i64::from(random.whole(3, 29)));
        family.child.hour = u8::try_from(random.whole(0, 23)).unwrap_or(0);
        family.child.minute = u8::try_from(random.whole(0, 59)).unwrap_or(0);
        family.child.gestation_weeks = random.whole(36, 41);
        family.child.weight_g = random.whole(250, 410) * 10;
        family.child.length_cm = random.whole(47, 53);
        family.child.certificate_no = format!("X33{:07}", random.whole(1, 9999));
        family.household_no = format!("{:09}", random.whole(1, 99_999));
        family.marriage_no = format!("J330302-2024-{:06}", random.whole(1, 9999));
        family
    }
}

/// An invented company that wants to open a karaoke bar.
#[derive(Debug, Clone, PartialEq)]
pub struct Company {
    /// Full registered name.
    pub name: String,
    /// Unified social credit code.
    pub credit_code: String,
    /// Legal representative.
    pub legal_representative: Person,
    /// Manager.
    pub manager: Person,
    /// Supervisor 监事.
    pub supervisor: Person,
    /// Shareholders with what each has subscribed, in units of 10,000 yuan.
    pub shareholders: Vec<(Person, u32)>,
    /// Place of business.
    pub address: String,
    /// Business scope.
    pub scope: String,
    /// Day of foundation.
    pub founded: Date,
    /// Area of the leased premises, square metres.
    pub premises_m2: u32,
    /// Area used by guests, square metres.
    pub use_m2: u32,
    /// Guest rooms.
    pub rooms: Vec<Room>,
    /// Who lets the premises.
    pub landlord: String,
    /// Credit code of the landlord.
    pub landlord_code: String,
    /// Rent for a year, yuan.
    pub rent_yuan: u32,
}

/// A guest room of the karaoke bar.
#[derive(Debug, Clone, PartialEq)]
pub struct Room {
    /// Door number.
    pub name: String,
    /// Area, square metres.
    pub area_m2: u32,
    /// Approved guests at 1.5 square metres each.
    pub guests: u32,
}

impl Company {
    /// Registered capital, 10,000 yuan.
    #[must_use]
    pub fn capital_wan(&self) -> u32 {
        self.shareholders.iter().map(|(_, wan)| wan).sum()
    }

    /// Guests at 1.5 square metres each, rounded down.
    #[must_use]
    pub fn capacity(&self) -> u32 {
        self.use_m2 * 2 / 3
    }

    /// A reproducible invented company.
    #[must_use]
    pub fn invent(seed: u64) -> Self {
        let mut random = Random::from_seed(seed);
        let mut company = demo_karaoke_company();
        company.legal_representative = Person::invent(random.next_bits());
        company.manager = Person::invent(random.next_bits());
        company.supervisor = Person::invent(random.next_bits());
        company.shareholders = vec![
            (company.legal_representative.clone(), random.whole(4, 9) * 10),
            (company.supervisor.clone(), random.whole(1, 4) * 10),
        ];
        let trade = format!(
            "{}{}",
            random.pick(&["星隅", "云栖", "听澜", "晚渡", "青芒", "半山"]),
            random.pick(&["歌舞娱乐", "文化娱乐", "音乐娱乐"])
        );
        company.name = format!("云溪市{trade}有限公司");
        company.credit_code = numbers::credit_code(&format!("91330302MAYYYY{:02}", random.whole(10, 99)));
        company.rent_yuan = random.whole(200, 600) * 1000;
        company
    }
}

/// The family of the demonstration: 苏念安 and 周予川 with their daughter 周知夏.
#[must_use]
pub fn demo_newborn_family() -> Family {
    let address = "云溪市南塘街道听泉路18号2幢601室";
    let father = named("周予川", "ZHOU", "YUCHUAN", Sex::Male, ("330302", date(1994, Month::August, 23), 999), address);
    let mother = named("苏念安", "SU", "NIANAN", Sex::Female, ("330324", date(1996, Month::May, 12), 998), address);
    let grandmother = named("何映秋", "HE", "YINGQIU", Sex::Female, ("330302", date(1968, Month::March, 17), 996), address);
    Family {
        father: Person {
            valid_from: date(2021, Month::March, 6),
            valid_to: Some(date(2041, Month::March, 6)),
            phone: "13800000001".into(),
            ..father
        },
        mother: Person {
            native_place: "浙江省永嘉县".into(),
            valid_from: date(2023, Month::June, 19),
            valid_to: Some(date(2043, Month::June, 19)),
            occupation: "教师".into(),
            workplace: "云溪市南塘小学".into(),
            ..mother
        },
        grandmother: Person {
            valid_from: date(2015, Month::January, 8),
            valid_to: None,
            schooling: "高中".into(),
            occupation: "退休".into(),
            workplace: "无".into(),
            ..grandmother
        },
        child: Newborn {
            name: "周知夏".into(),
            sex: Sex::Female,
            birth: date(2026, Month::November, 9),
            hour: 3,
            minute: 26,
            gestation_weeks: 39,
            weight_g: 3280,
            length_cm: 50,
            hospital: "云溪市妇幼保健院".into(),
            certificate_no: "X330000017".into(),
        },
        household_no: "000041826".into(),
        police_station: "云溪市公安局南塘派出所".into(),
        married: date(2024, Month::May, 20),
        marriage_no: "J330302-2024-000417".into(),
    }
}

/// The company of the demonstration: 云溪市星隅歌舞娱乐有限公司 of 滕予安.
#[must_use]
pub fn demo_karaoke_company() -> Company {
    let legal = named(
        "滕予安",
        "TENG",
        "YUAN",
        Sex::Male,
        ("330302", date(1988, Month::October, 3), 997),
        "云溪市临江街道望山路7号1幢302室",
    );
    let legal = Person {
        phone: "13800000066".into(),
        ..legal
    };
    let manager = named(
        "柯屿舟",
        "KE",
        "YUZHOU",
        Sex::Male,
        ("330402", date(1991, Month::February, 14), 999),
        "云溪市南塘街道桐荫里26号",
    );
    let supervisor = named(
        "温若棠",
        "WEN",
        "RUOTANG",
        Sex::Female,
        ("330324", date(1990, Month::July, 30), 996),
        "云溪市东港街道海棠路55号4幢1103室",
    );
    let areas = [12, 12, 12, 15, 15, 15, 18, 18, 24, 24, 30, 45];
    Company {
        name: "云溪市星隅歌舞娱乐有限公司".into(),
        credit_code: numbers::credit_code("91330302MAYYYY27"),
        shareholders: vec![(legal.clone(), 70), (supervisor.clone(), 30)],
        legal_representative: legal,
        manager,
        supervisor,
        address: "云溪市南塘街道灯市街66号3层".into(),
        scope:
            "许可项目：歌舞娱乐活动；食品销售；酒类经营。一般项目：会议及展览服务；文化娱乐经纪人服务。（依法须经批准的项目，经相关部门批准后方可开展经营活动）"
                .into(),
        founded: date(2026, Month::November, 24),
        premises_m2: 486,
        use_m2: areas.iter().sum(),
        rooms: (1..)
            .zip(areas)
            .map(|(door, area_m2)| Room {
                name: format!("K{door:02}"),
                area_m2,
                guests: area_m2 * 2 / 3,
            })
            .collect(),
        landlord: "云溪市南塘商业资产经营有限公司".into(),
        landlord_code: numbers::credit_code("91330302MAYYYY31"),
        rent_yuan: 360_000,
    }
}

/// Full years between birth and a later day.
#[must_use]
pub fn age_years(birth: Date, on: Date) -> i32 {
    let had_birthday = (on.month() as u8, on.day()) >= (birth.month() as u8, birth.day());
    on.year() - birth.year() - i32::from(!had_birthday)
}

fn named(name: &str, surname: &str, given: &str, sex: Sex, (region, birth, sequence): (&str, Date, u32), address: &str) -> Person {
    Person {
        name: name.to_owned(),
        surname_latin: surname.to_owned(),
        given_latin: given.to_owned(),
        sex,
        birth,
        address: address.to_owned(),
        native_place: "浙江省温州市鹿城区".to_owned(),
        resident_id: make_resident_id(region, birth, sequence),
        phone: "13800000000".to_owned(),
        passport_no: "EA0000002".to_owned(),
        ethnic: "汉".to_owned(),
        issuer: "云溪市公安局".to_owned(),
        schooling: "大学本科".to_owned(),
        occupation: "职员".to_owned(),
        workplace: "云溪市听泉制衣有限公司".to_owned(),
        valid_from: DEMO_DAY,
        valid_to: None,
    }
    .with_card_issued(900)
}

fn make_resident_id(region: &str, birth: Date, sequence: u32) -> String {
    numbers::resident_id(&format!("{region}{:04}{:02}{:02}{sequence:03}", birth.year(), birth.month() as u8, birth.day()))
}

fn invent_address(random: &mut Random) -> String {
    let quarter = random.pick(&["南塘街道", "临江街道", "东港街道", "望山镇", "桐荫镇"]);
    let road = random.pick(&["听泉路", "望山路", "海棠路", "灯市街", "桐荫里", "永宁西路"]);
    let door = random.whole(1, 320);
    if random.unit() < 0.3 {
        return format!("云溪市{quarter}{road}{door}号");
    }
    format!(
        "云溪市{quarter}{road}{door}号{}幢{}0{}室",
        random.whole(1, 18),
        random.whole(1, 17),
        random.whole(1, 4)
    )
}

/// The same day some years later.
pub(super) fn years_later(day: Date, years: i32) -> Date {
    // 29 February moves to the last day that exists in the later year.
    day.replace_year(day.year() + years).unwrap_or(day + Duration::days(365 * i64::from(years)))
}

/// A date that is known to exist when the code is written.
const fn date(year: i32, month: Month, day: u8) -> Date {
    match Date::from_calendar_date(year, month, day) {
        Ok(date) => date,
        Err(_) => Date::MIN,
    }
}

/// Region codes that are in force, with the place's name.
const REGIONS: [(&str, &str); 6] = [
    ("330302", "温州市鹿城区"),
    ("330324", "永嘉县"),
    ("330402", "嘉兴市南湖区"),
    ("330106", "杭州市西湖区"),
    ("330523", "安吉县"),
    ("331121", "青田县"),
];

const SURNAMES: [(&str, &str); 20] = [
    ("周", "ZHOU"),
    ("苏", "SU"),
    ("滕", "TENG"),
    ("柯", "KE"),
    ("温", "WEN"),
    ("何", "HE"),
    ("沈", "SHEN"),
    ("陆", "LU"),
    ("顾", "GU"),
    ("叶", "YE"),
    ("林", "LIN"),
    ("郑", "ZHENG"),
    ("潘", "PAN"),
    ("季", "JI"),
    ("虞", "YU"),
    ("缪", "MIAO"),
    ("蒋", "JIANG"),
    ("项", "XIANG"),
    ("戴", "DAI"),
    ("欧阳", "OUYANG"),
];

const GIVEN: [(&str, &str); 28] = [
    ("予", "YU"),
    ("川", "CHUAN"),
    ("念", "NIAN"),
    ("安", "AN"),
    ("知", "ZHI"),
    ("夏", "XIA"),
    ("屿", "YU"),
    ("舟", "ZHOU"),
    ("若", "RUO"),
    ("棠", "TANG"),
    ("映", "YING"),
    ("秋", "QIU"),
    ("砚", "YAN"),
    ("清", "QING"),
    ("禾", "HE"),
    ("沐", "MU"),
    ("阳", "YANG"),
    ("珏", "JUE"),
    ("昀", "YUN"),
    ("榕", "RONG"),
    ("蔚", "WEI"),
    ("澄", "CHENG"),
    ("曦", "XI"),
    ("霁", "JI"),
    ("翊", "YI"),
    ("璟", "JING"),
    ("淼", "MIAO"),
    ("鸣", "MING"),
];
