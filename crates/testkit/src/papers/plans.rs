//! Two drawings of the karaoke premises: the map of its surroundings and the plan of its rooms.

use super::fonts::Face;
use super::people::Cast;
use super::raster::Colour;
use super::sheet::{Area, Ink, Sheet};
use super::{DrawOptions, Paper, PaperError, PaperKind};

pub(super) const WALL: Colour = [48, 50, 56];
pub(super) const THIN: Colour = [110, 114, 122];
const MARK: Colour = [184, 58, 48];

/// 场所地理位置图, a sketch at 1:10000: streets, neighbours, the straight distance to the nearest school.
pub(super) fn site_map(cast: &Cast, options: &DrawOptions) -> Result<Paper, PaperError> {
    const STREET: Colour = [226, 228, 231];
    let mut sheet = Sheet::new(PaperKind::SiteMap, options, [254, 254, 253])?;
    sheet.text(105.0, 18.0, "场所地理位置图", Ink::new(Face::SongBold, 7.0).spaced(1.2).centred());
    let map = Area::new(20.0, 36.0, 170.0, 190.0);
    sheet.fill(map, [247, 248, 245]);
    for street in [
        Area::new(20.0, 92.0, 170.0, 11.0),
        Area::new(20.0, 168.0, 170.0, 9.0),
        Area::new(78.0, 36.0, 10.0, 190.0),
        Area::new(148.0, 36.0, 8.0, 190.0),
    ] {
        sheet.fill(street, STREET);
    }
    let street = Ink::hei(3.6).colour([96, 100, 108]);
    sheet.text(112.0, 95.6, "灯市街", street.spaced(1.0));
    sheet.text(112.0, 170.6, "听泉路", street.spaced(1.0));
    for (x, letters) in [(81.2, "永宁西路"), (150.2, "海棠路")] {
        for (at, letter) in letters.chars().enumerate() {
            sheet.text(x, 118.0 + at as f32 * 6.0, &letter.to_string(), street);
        }
    }
    let blocks: [(Area, &str, Colour); 8] = [
        (Area::new(26.0, 42.0, 44.0, 40.0), "南塘小学", [222, 232, 216]),
        (Area::new(94.0, 42.0, 46.0, 20.0), "听泉花苑", [238, 232, 222]),
        (Area::new(162.0, 50.0, 24.0, 34.0), "停车场", [234, 236, 239]),
        (Area::new(26.0, 112.0, 44.0, 46.0), "南塘公园", [214, 230, 208]),
        (Area::new(162.0, 110.0, 24.0, 48.0), "临江大厦", [234, 236, 239]),
        (Area::new(26.0, 184.0, 44.0, 34.0), "农贸市场", [234, 236, 239]),
        (Area::new(94.0, 184.0, 46.0, 34.0), "云溪剧院", [234, 236, 239]),
        (Area::new(162.0, 184.0, 24.0, 34.0), "邮政支局", [234, 236, 239]),
    ];
    for (area, name, colour) in blocks {
        sheet.fill(area, colour);
        sheet.frame(area, 0.25, THIN);
        sheet.text_in(area, name, Ink::hei(3.4).centred());
    }
    site(&mut sheet, cast);
    sheet.frame(map, 0.4, WALL);
    north(&mut sheet, (141.6, 80.0));
    sheet.text(20.0, 232.0, "比例　1∶10000（示意）", Ink::hei(3.4));
    sheet.stroke(&[(20.0, 241.0), (40.0, 241.0)], 0.6, WALL, 1.0);
    sheet.text(20.0, 243.4, "0　　　　200 米", Ink::hei(3.0));
    sheet.text(80.0, 232.0, "单位名称：", Ink::song(3.8));
    sheet.field("enterprise_name", 99.0, 232.0, &cast.company.name, Ink::song(3.8));
    sheet.text(80.0, 240.0, "场所地址：", Ink::song(3.8));
    sheet.field("address", 99.0, 240.0, &cast.company.address, Ink::song(3.8));
    sheet.text(80.0, 248.0, "周边 200 米内没有学校、医院、机关和居民住宅楼。", Ink::song(3.8));
    sheet.text(190.0, 284.0, "样张 SPECIMEN", Ink::hei(2.6).spaced(0.3).colour([150, 156, 164]).right());
    Ok(sheet.into_paper())
}

/// The premises and the dimension line to the school. 64 mm on the sheet are 640 m.
fn site(sheet: &mut Sheet, cast: &Cast) {
    let building = Area::new(94.0, 112.0, 46.0, 40.0);
    sheet.fill(building, [250, 232, 214]);
    sheet.frame(building, 0.6, MARK);
    sheet.ellipse((117.0, 120.0), (2.2, 2.2), MARK, 1.0);
    sheet.text(117.0, 125.0, "本场所", Ink::new(Face::HeiBold, 4.0).colour(MARK).centred());
    sheet.text(117.0, 131.4, "灯市街 66 号 3 层", Ink::hei(3.2).centred());
    sheet.text(117.0, 137.0, &format!("{} 平方米", cast.company.premises_m2), Ink::hei(3.2).centred());
    sheet.stroke(&[(115.4, 118.5), (70.0, 76.6)], 0.35, MARK, 0.9);
    sheet.stroke(&[(72.7, 77.4), (70.0, 76.6), (70.9, 79.3)], 0.35, MARK, 0.9);
    let label = Area::new(79.0, 104.4, 30.0, 5.4);
    sheet.fill(label, [255, 255, 255]);
    sheet.frame(label, 0.2, MARK);
    let area = sheet.text_in(label, "距学校 640 米", Ink::hei(3.2).colour(MARK).centred());
    sheet.note_field("distance_school_m", "640", area);
}

/// An arrow to the north; the point is the middle of it.
pub(super) fn north(sheet: &mut Sheet, (x, y): (f32, f32)) {
    sheet.polygon(&[(x, y - 7.0), (x - 2.6, y + 3.0), (x, y + 1.0)], WALL, 1.0);
    sheet.polygon(&[(x, y - 7.0), (x + 2.6, y + 3.0), (x, y + 1.0)], THIN, 1.0);
    sheet.text(x, y - 11.6, "北", Ink::hei(3.6).centred());
}

/// Metres on the plan's own axes, from the top left corner of the outer walls, and the scale 1:125.
struct Plan {
    left_mm: f32,
    top_mm: f32,
}

impl Plan {
    const MM_PER_M: f32 = 8.0;

    fn area(&self, x_m: f32, y_m: f32, width_m: f32, depth_m: f32) -> Area {
        Area::new(
            self.left_mm + x_m * Self::MM_PER_M,
            self.top_mm + y_m * Self::MM_PER_M,
            width_m * Self::MM_PER_M,
            depth_m * Self::MM_PER_M,
        )
    }
}

/// 内部结构平面图 at 1:125: twelve guest rooms, passages, exits, and the table of areas and guests.
pub(super) fn floor_plan(cast: &Cast, options: &DrawOptions) -> Result<Paper, PaperError> {
    let company = &cast.company;
    let mut sheet = Sheet::new(PaperKind::FloorPlan, options, [254, 254, 253])?;
    sheet.text(148.5, 12.0, "内部结构平面图（三层）", Ink::new(Face::SongBold, 6.4).spaced(0.8).centred());
    let plan = Plan { left_mm: 28.5, top_mm: 32.0 };
    let outer = plan.area(0.0, 0.0, 30.0, 16.2);
    sheet.fill(outer, [250, 250, 248]);
    guest_rooms(&mut sheet, &plan, cast);
    for (area, name) in [
        (plan.area(26.5, 0.0, 3.5, 6.0), "卫生间\n21 m²"),
        (plan.area(20.25, 8.0, 9.75, 4.0), "前厅 收银\n39 m²"),
        (plan.area(0.0, 13.8, 5.0, 2.4), "楼梯一"),
        (plan.area(5.0, 13.8, 5.0, 2.4), "库房"),
        (plan.area(10.0, 13.8, 5.0, 2.4), "设备间"),
        (plan.area(15.0, 13.8, 5.25, 2.4), "值班室"),
        (plan.area(20.25, 13.8, 4.75, 2.4), "电梯厅"),
        (plan.area(25.0, 13.8, 5.0, 2.4), "楼梯二"),
    ] {
        sheet.fill(area, [240, 243, 240]);
        sheet.frame(area, 0.5, WALL);
        sheet.text_in(area, name, Ink::hei(3.0).centred());
    }
    for (x, y, text) in [(26.6, 6.82, "疏散通道　宽 2.0 米"), (12.0, 12.68, "疏散通道　宽 1.8 米")] {
        let area = plan.area(x, y, 0.0, 0.0);
        sheet.text(area.x, area.y, text, Ink::hei(3.0).colour([70, 110, 80]).centred());
    }
    sheet.frame(outer, 1.2, WALL);
    exit(&mut sheet, &plan, 0.0, 7.0, -1.0);
    exit(&mut sheet, &plan, 30.0, 12.9, 1.0);
    dimension(&mut sheet, &plan);
    sheet.text(28.5, 176.0, "单位名称：", Ink::song(3.8));
    sheet.field("enterprise_name", 47.5, 176.0, &company.name, Ink::song(3.8));
    sheet.text(28.5, 184.0, "场所地址：", Ink::song(3.8));
    sheet.field("address", 47.5, 184.0, &company.address, Ink::song(3.8));
    let totals: [(f32, &str, &str, String, &str); 4] = [
        (134.0, "建筑面积", "premises_area_m2", company.premises_m2.to_string(), "平方米"),
        (176.0, "使用面积", "use_area_m2", company.use_m2.to_string(), "平方米"),
        (218.0, "包厢", "room_count", company.rooms.len().to_string(), "间"),
        (242.0, "核定人数", "capacity_approved", company.capacity().to_string(), "人"),
    ];
    for (x, label, key, value, unit) in totals {
        let lead = sheet.text_width_mm(label, Ink::song(3.8)) + 1.2;
        sheet.text(x, 176.0, label, Ink::song(3.8));
        sheet.field(key, x + lead, 176.0, &value, Ink::song(3.8));
        let width = sheet.text_width_mm(&value, Ink::song(3.8)) + 1.0;
        sheet.text(x + lead + width, 176.0, unit, Ink::song(3.8));
    }
    sheet.text(
        134.0,
        184.0,
        "比例　1∶125　　每位消费者不少于 1.5 平方米，包厢门设透明窗，不装内锁",
        Ink::song(3.4),
    );
    sheet.text(268.5, 196.0, "样张 SPECIMEN", Ink::hei(2.6).spaced(0.3).colour([150, 156, 164]).right());
    Ok(sheet.into_paper())
}

/// The larger rooms in a row 6 m deep along the top wall, the smaller ones 4 m deep between both passages.
fn guest_rooms(sheet: &mut Sheet, plan: &Plan, cast: &Cast) {
    let rooms = &cast.company.rooms;
    let half = rooms.len() / 2;
    for (row, y, depth) in [(&rooms[half..], 0.0, 6.0), (&rooms[..half], 8.0, 4.0)] {
        let mut x = 0.0;
        for room in row.iter().rev() {
            let width = room.area_m2 as f32 / depth;
            let area = plan.area(x, y, width, depth);
            sheet.fill(area, [248, 243, 234]);
            sheet.frame(area, 0.5, WALL);
            let (middle, centre_y) = area.centre();
            sheet.text(middle, centre_y - 6.6, &room.name, Ink::new(Face::HeiBold, 3.8).centred());
            let printed = sheet.text(middle, centre_y - 1.2, &format!("{} m²", room.area_m2), Ink::hei(3.2).centred());
            sheet.note_field(&format!("room_{}_m2", room.name), &room.area_m2.to_string(), printed);
            sheet.text(middle, centre_y + 3.4, &format!("{} 人", room.guests), Ink::hei(3.0).centred());
            door(sheet, middle, if y > 0.0 { area.y } else { area.y + area.height }, y > 0.0);
            x += width;
        }
    }
}

/// A door leaf standing open into the passage, with the quarter circle it sweeps.
pub(super) fn door(sheet: &mut Sheet, x: f32, wall_y: f32, passage_above: bool) {
    let leaf_mm = 6.4;
    let side = if passage_above { -1.0 } else { 1.0 };
    sheet.stroke(&[(x - leaf_mm / 2.0, wall_y), (x + leaf_mm / 2.0, wall_y)], 0.9, [250, 250, 248], 1.0);
    sheet.stroke(&[(x - leaf_mm / 2.0, wall_y), (x - leaf_mm / 2.0, wall_y + side * leaf_mm)], 0.3, WALL, 1.0);
    let sweep: Vec<(f32, f32)> = (0..=10)
        .map(|step| {
            let turn = step as f32 / 10.0 * std::f32::consts::FRAC_PI_2;
            (x - leaf_mm / 2.0 + leaf_mm * turn.sin(), wall_y + side * leaf_mm * turn.cos())
        })
        .collect();
    sheet.stroke(&sweep, 0.15, THIN, 1.0);
}

fn exit(sheet: &mut Sheet, plan: &Plan, x_m: f32, y_m: f32, direction: f32) {
    let green: Colour = [44, 128, 76];
    let at = plan.area(x_m, y_m, 0.0, 0.0);
    sheet.stroke(&[(at.x, at.y - 5.0), (at.x, at.y + 5.0)], 2.0, [254, 254, 253], 1.0);
    sheet.stroke(&[(at.x - direction * 5.0, at.y), (at.x + direction * 6.0, at.y)], 0.8, green, 1.0);
    sheet.polygon(
        &[
            (at.x + direction * 10.0, at.y),
            (at.x + direction * 5.4, at.y - 2.4),
            (at.x + direction * 5.4, at.y + 2.4),
        ],
        green,
        1.0,
    );
    let x = at.x + direction * 7.4;
    sheet.text(x, at.y + 4.4, "安全", Ink::hei(3.0).colour(green).centred());
    sheet.text(x, at.y + 8.2, "出口", Ink::hei(3.0).colour(green).centred());
}

fn dimension(sheet: &mut Sheet, plan: &Plan) {
    let outer = plan.area(0.0, 0.0, 30.0, 16.2);
    let y = outer.y - 5.0;
    sheet.stroke(&[(outer.x, y), (outer.x + outer.width, y)], 0.2, THIN, 1.0);
    for x in [outer.x, outer.x + outer.width] {
        sheet.stroke(&[(x, y - 1.6), (x, y + 1.6)], 0.2, THIN, 1.0);
    }
    sheet.text(outer.x + outer.width / 2.0, y - 4.0, "30.00 m", Ink::hei(2.8).colour(THIN).centred());
    let x = outer.x + outer.width + 15.0;
    sheet.stroke(&[(x, outer.y), (x, outer.y + outer.height)], 0.2, THIN, 1.0);
    for y in [outer.y, outer.y + outer.height] {
        sheet.stroke(&[(x - 1.6, y), (x + 1.6, y)], 0.2, THIN, 1.0);
    }
    sheet.text(x - 1.2, outer.y + outer.height * 0.4, "16.20 m", Ink::hei(2.8).colour(THIN).right());
}
