//! The property certificate 不动产权证书: three open spreads of 250 x 176 mm with the number and the rights, the notes, and the plans of
//! the parcel and of the flat. Sizes on the plans agree with the areas in the text.

use time::Duration;

use super::booklets::chinese_date;
use super::deeds::{LINE, row, table};
use super::fonts::Face;
use super::people::{Cast, Person};
use super::plans::{THIN, WALL, door, north};
use super::sheet::{Area, Ink, Sheet};
use super::{DrawOptions, Paper, PaperError, PaperKind};

/// Rights, notes, plans.
pub(super) const PAGE_COUNT: u32 = 3;

/// One spread of the certificate.
pub(super) fn certificate(cast: &Cast, options: &DrawOptions) -> Result<Paper, PaperError> {
    let mut sheet = Sheet::new(PaperKind::PropertyCertificate, options, [252, 249, 244])?;
    sheet.guilloche(Area::new(3.0, 3.0, 244.0, 170.0), 40, [214, 190, 186], 0.24);
    sheet.stroke(&[(125.0, 0.0), (125.0, 176.0)], 0.15, [210, 204, 196], 1.0);
    match options.page_no {
        ..=1 => rights(&mut sheet, cast)?,
        2 => notes(&mut sheet, cast),
        _ => plans(&mut sheet, cast),
    }
    sheet.text(187.0, 166.0, "样张 SPECIMEN", Ink::hei(2.6).spaced(0.4).colour(LINE).centred());
    Ok(sheet.into_paper())
}

/// The page with the QR code and the seal, and the page with the rights.
fn rights(sheet: &mut Sheet, cast: &Cast) -> Result<(), PaperError> {
    let owner = &cast.family.father;
    let serial = serial(owner);
    let number = format!("浙（2023）云溪市不动产权第{serial}号");
    let unit = unit_no(owner);
    let text = format!("https://bdc.example.invalid/q?no={unit}");
    sheet.qr((16.0, 16.0), 26.0, &text)?;
    sheet.paragraph(
        16.0,
        56.0,
        92.0,
        7.6,
        "根据《中华人民共和国民法典》等法律法规，为保护不动产权利人合法权益，对不动产权利人申请登记的本证所列不动产权利，经审查核实，准予登记，颁发此证。",
        Ink::song(4.2),
    );
    sheet.text(104.0, 132.0, "登记机构（章）", Ink::song(4.0).right());
    sheet.seal((84.0, 140.0), 32.0, "云溪市自然资源和规划局", "不动产登记专用章");
    sheet.text(104.0, 156.0, &chinese_date(cast.today - Duration::days(900)), Ink::song(4.0).right());
    let area = sheet.text(187.0, 14.0, &number, Ink::new(Face::SongBold, 4.4).centred());
    sheet.note_field("certificate_no", &number, area);
    let grouped = format!("{} {} {} {}", &unit[..6], &unit[6..12], &unit[12..19], &unit[19..]);
    let rows = [
        row("权 利 人", "holder", &owner.name),
        row("共有情况", "sharing", "单独所有"),
        row("坐　　落", "address", &owner.address),
        ("不动产单元号", "unit_no", unit, grouped),
        row("权利类型", "right_kind", "国有建设用地使用权/房屋所有权"),
        row("权利性质", "right_nature", "出让/市场化商品房"),
        row("用　　途", "use", "城镇住宅用地/住宅"),
        row("面　　积", "area", "分摊土地面积 18.20㎡/房屋建筑面积 96.54㎡"),
        row("使用期限", "term", "国有建设用地使用权至 2083 年 05 月 20 日止"),
    ];
    table(sheet, (133.0, 24.0, 108.0), 26.0, 12.4, 3.5, &rows);
    Ok(())
}

/// The page of notes, which every second owner's certificate leaves empty, and the page of advice to the holder.
fn notes(sheet: &mut Sheet, cast: &Cast) {
    const LINE_MM: f32 = 10.0;
    let owner = &cast.family.father;
    sheet.text(62.5, 14.0, "附　　记", Ink::new(Face::SongBold, 5.4).centred());
    let frame = Area::new(12.0, 26.0, 101.0, 13.0 * LINE_MM);
    sheet.frame(frame, 0.2, LINE);
    for line in 1..13 {
        let y = frame.y + line as f32 * LINE_MM;
        sheet.stroke(&[(frame.x, y), (frame.x + frame.width, y)], 0.1, LINE, 0.6);
    }
    if owner.resident_id[16..17] == *"9" {
        let text = format!("业务编号：2023-{}；买受取得，未设立抵押。", serial(owner));
        sheet.field("notes", frame.x + 2.0, frame.y + 3.2, &text, Ink::song(3.8));
    }
    sheet.text(187.0, 14.0, "注 意 事 项", Ink::new(Face::SongBold, 5.4).centred());
    sheet.paragraph(
        137.0,
        28.0,
        100.0,
        8.0,
        "一、本证书由持证人保管，不得涂改。\n二、权利或者坐落有变动的，请及时到登记机构办理登记。\n三、证书污损、遗失的，可以向登记机构申请换发、补发。\n四、证书与登记簿不一致的，除有证据证明登记簿确有错误外，以登记簿为准。\n五、办理登记时请一并带上附记页和附图页。",
        Ink::song(4.2),
    );
}

/// The plan of the parcel on the left page, the plan of the flat on the right one.
fn plans(sheet: &mut Sheet, cast: &Cast) {
    let owner = &cast.family.father;
    sheet.text(62.5, 10.0, "宗 地 图", Ink::new(Face::SongBold, 5.0).centred());
    parcel(sheet, Area::new(10.0, 20.0, 105.0, 108.0));
    let rows = [
        row("宗地代码", "parcel_no", &unit_no(owner)[..19]),
        row("宗地面积", "parcel_area", "1247.00㎡"),
        row("坐　　落", "address", &owner.address),
    ];
    table(sheet, (10.0, 132.0, 105.0), 24.0, 8.4, 3.2, &rows);
    sheet.text(62.5, 161.0, "比例　1∶500　　单位：米", Ink::song(3.0).centred());
    sheet.text(187.0, 10.0, "房 产 分 户 图", Ink::new(Face::SongBold, 5.0).centred());
    let rows = [
        row("建筑面积", "floor_area", "96.54㎡"),
        row("套内面积", "inner_area", "78.30㎡"),
        row("分摊面积", "shared_area", "18.24㎡"),
    ];
    table(sheet, (135.0, 20.0, 105.0), 24.0, 7.4, 3.2, &rows);
    flat(sheet, (143.5, 56.0));
    sheet.text(187.0, 149.0, "比例　1∶100　　单位：米、平方米", Ink::song(3.0).centred());
    sheet.text(187.0, 155.0, "测绘单位：云溪市不动产测绘中心（样张）", Ink::song(3.0).centred());
}

/// A parcel of 43 x 29 m at 1:500 with its corners, lengths and neighbours, and the building hatched.
fn parcel(sheet: &mut Sheet, frame: Area) {
    sheet.frame(frame, 0.3, WALL);
    let ground = Area::new(frame.x + 9.5, frame.y + 27.0, 86.0, 58.0);
    let building = Area::new(ground.x + 13.0, ground.y + 15.0, 60.0, 26.0);
    hatch(sheet, building);
    sheet.frame(building, 0.35, WALL);
    let name = Area::new(building.x + 20.0, building.y + 9.0, 20.0, 8.0);
    sheet.fill(name, [252, 249, 244]);
    sheet.text_in(name, "混 6", Ink::hei(3.4).centred());
    sheet.frame(ground, 0.5, WALL);
    let (right, bottom) = (ground.x + ground.width, ground.y + ground.height);
    let small = Ink::hei(2.8);
    for (x, y, text, side) in [
        (ground.x, ground.y, "J1", -1.0),
        (right, ground.y, "J2", -1.0),
        (right, bottom, "J3", 1.0),
        (ground.x, bottom, "J4", 1.0),
    ] {
        sheet.ellipse((x, y), (0.9, 0.9), WALL, 1.0);
        sheet.text(x, y + if side < 0.0 { -4.6 } else { 1.8 }, text, small.centred());
    }
    let (middle, centre) = ground.centre();
    sheet.text(middle, ground.y - 4.4, "43.00", small.centred());
    sheet.text(middle, bottom + 1.6, "43.00", small.centred());
    sheet.text(ground.x + 1.6, centre - 1.4, "29.00", small);
    sheet.text(right - 1.6, centre - 1.4, "29.00", small.right());
    sheet.text(middle, ground.y - 13.0, "听泉路", Ink::hei(3.2).colour(THIN).spaced(3.0).centred());
    sheet.text(middle, bottom + 9.0, "小区绿地", Ink::hei(3.2).colour(THIN).centred());
    north(sheet, (frame.x + 95.0, frame.y + 14.0));
}

/// Slanting lines 4 mm apart all over the area.
fn hatch(sheet: &mut Sheet, area: Area) {
    let (right, bottom) = (area.x + area.width, area.y + area.height);
    let mut run = 4.0;
    while run < area.width + area.height {
        let from = if run <= area.height {
            (area.x, area.y + run)
        } else {
            (area.x + run - area.height, bottom)
        };
        let to = if run <= area.width {
            (area.x + run, area.y)
        } else {
            (right, area.y + run - area.width)
        };
        sheet.stroke(&[from, to], 0.12, THIN, 0.8);
        run += 4.0;
    }
}

/// The flat at 1:100, 9.0 x 8.7 m inside: 78.30 square metres are the sum of its rooms.
fn flat(sheet: &mut Sheet, (left, top): (f32, f32)) {
    const MM_PER_M: f32 = 10.0;
    let at = |x: f32, y: f32| (left + x * MM_PER_M, top + y * MM_PER_M);
    for (x, y, width, depth, name) in [
        (0.0_f32, 0.0_f32, 3.3_f32, 3.6_f32, "卧室"),
        (3.3, 0.0, 1.5, 3.6, "卫生间"),
        (4.8, 0.0, 4.2, 3.6, "卧室"),
        (0.0, 3.6, 6.0, 3.6, "客厅"),
        (0.0, 7.2, 6.0, 1.5, "阳台"),
        (6.0, 3.6, 3.0, 2.4, "厨房"),
        (6.0, 6.0, 3.0, 2.7, "卧室"),
    ] {
        let (room_x, room_y) = at(x, y);
        let room = Area::new(room_x, room_y, width * MM_PER_M, depth * MM_PER_M);
        sheet.frame(room, 0.5, WALL);
        sheet.text_in(room, &format!("{name}\n{:.2}", width * depth), Ink::hei(3.0).centred());
    }
    for x in [2.4, 4.0, 5.4] {
        let (x, y) = at(x, 3.6);
        door(sheet, x, y, true);
    }
    for (x, y) in [(0.0, 4.4), (6.0, 4.3), (6.0, 6.6)] {
        let (x, y) = at(x, y);
        sheet.stroke(&[(x, y - 3.2), (x, y + 3.2)], 0.9, [250, 250, 248], 1.0);
        sheet.stroke(&[(x, y - 3.2), (x + 6.4, y - 3.2)], 0.3, WALL, 1.0);
    }
    let ((right, bottom), thin) = (at(9.0, 8.7), Ink::hei(2.8).colour(THIN));
    sheet.stroke(&[(left, top - 4.0), (right, top - 4.0)], 0.2, THIN, 1.0);
    for x in [left, right] {
        sheet.stroke(&[(x, top - 5.4), (x, top - 2.6)], 0.2, THIN, 1.0);
    }
    sheet.text((left + right) / 2.0, top - 8.0, "9.00", thin.centred());
    sheet.stroke(&[(left - 4.0, top), (left - 4.0, bottom)], 0.2, THIN, 1.0);
    for y in [top, bottom] {
        sheet.stroke(&[(left - 5.4, y), (left - 2.6, y)], 0.2, THIN, 1.0);
    }
    sheet.text(left - 5.2, (top + bottom) / 2.0, "8.70", thin.right());
}

fn serial(owner: &Person) -> &str {
    &owner.resident_id[10..17]
}

fn unit_no(owner: &Person) -> String {
    format!("330302001002GB{}F{}", &serial(owner)[..5], &owner.resident_id[6..14])
}
