//! The tenancy contract of the karaoke premises: six pages, parties first, signatures on the last.

use super::booklets::chinese_date;
use super::forms::sign;
use super::people::Cast;
use super::sheet::{Ink, Sheet};
use super::text_page::{Block, flow, page};
use super::{DrawOptions, Paper, PaperError, PaperKind};

/// Pages of the contract.
pub(super) const PAGE_COUNT: u32 = 6;

const LEADING_MM: f32 = 9.0;
const CONTRACT_NO: &str = "合同编号：NT-2026-1107";

/// One page of 房屋租赁合同.
pub(super) fn tenancy(cast: &Cast, options: &DrawOptions) -> Result<Paper, PaperError> {
    let mut sheet = page(PaperKind::TenancyContract, options)?;
    sheet.text(26.0, 12.0, CONTRACT_NO, Ink::song(3.2));
    match options.page_no {
        ..=1 => parties(&mut sheet, cast),
        2 => term_and_rent(&mut sheet, cast),
        3 => running(&mut sheet, &PAGE_3),
        4 => running(&mut sheet, &PAGE_4),
        5 => running(&mut sheet, &PAGE_5),
        _ => signatures(&mut sheet, cast, options),
    }
    Ok(sheet.into_paper())
}

fn parties(sheet: &mut Sheet, cast: &Cast) {
    let company = &cast.company;
    let tenant = &company.legal_representative;
    let area = company.premises_m2.to_string();
    flow(
        sheet,
        30.0,
        LEADING_MM,
        &[
            Block::Title("房 屋 租 赁 合 同"),
            Block::Value("出租方（甲方）：", "landlord", &company.landlord, ""),
            Block::Value("统一社会信用代码：", "landlord_code", &company.landlord_code, ""),
            Block::Value("承租方（乙方）：", "tenant", &tenant.name, "（公司筹备人）"),
            Block::Value("公民身份号码：", "tenant_id", &tenant.resident_id, ""),
            Block::Value("联系电话：", "tenant_phone", &tenant.phone, ""),
            Block::Text("甲乙双方根据《中华人民共和国民法典》，在平等、自愿的基础上，就房屋租赁事宜订立本合同，共同遵守。"),
            Block::Heading("第一条　租赁房屋"),
            Block::Value("一、房屋坐落：", "premises", &company.address, "。"),
            Block::Value("二、建筑面积：", "premises_area_m2", &area, "平方米，位于商业楼宇的地上第三层。"),
            Block::Value("三、不动产权证书号：", "property_certificate_no", "浙（2019）温州市不动产权第0004126号", "。"),
            Block::Text("四、甲方保证对房屋拥有完整的产权，没有设立影响乙方使用的抵押，也没有被查封。"),
            Block::Heading("第二条　租赁用途"),
            Block::Value("乙方承租房屋用于：", "purpose", "开办歌舞娱乐场所", "，未经甲方同意不得改变。"),
            Block::Text("乙方设立的公司取得营业执照后，由该公司承继本合同中乙方的权利和义务。"),
        ],
    );
}

fn term_and_rent(sheet: &mut Sheet, cast: &Cast) {
    let rent = cast.company.rent_yuan;
    let yearly = rent.to_string();
    let deposit = format!(
        "三、乙方于签订合同之日交付押金人民币 {} 元。租赁期满，乙方没有违约的，甲方在十日内无息退还。",
        rent / 6
    );
    flow(
        sheet,
        30.0,
        LEADING_MM,
        &[
            Block::Heading("第三条　租赁期限"),
            Block::Value("一、自", "term_from", "2026 年 12 月 01 日", "起，"),
            Block::Value("　　至", "term_to", "2031 年 11 月 30 日", "止，共五年。"),
            Block::Text("二、租赁期满前三个月，乙方书面提出续租的，在同等条件下有优先承租权。"),
            Block::Text("三、甲方给予乙方六十日的装修期，自交付之日起计算，装修期内免收租金，但水、电、物业费用由乙方承担。"),
            Block::Heading("第四条　租金和押金"),
            Block::Value("一、年租金：人民币", "rent_yuan", &yearly, "元，前三年不变，自第四年起每年递增百分之三。"),
            Block::Text("二、租金每六个月支付一次，乙方在每期开始前十日内汇入甲方指定的账户，甲方收款后五日内开具发票。"),
            Block::Text(&deposit),
            Block::Text("四、乙方逾期支付租金的，每逾期一日，按未付金额的万分之三支付违约金。"),
            Block::Heading("第五条　房屋的交付"),
            Block::Text("一、甲方在租赁期开始前三日将房屋交付乙方，双方清点设施设备，并签署交接清单。"),
            Block::Text("二、交付时，房屋的主体结构、给排水、供电和消防设施应当处于正常使用状态。"),
        ],
    );
}

/// Headings start with 第; everything else is running text.
const PAGE_3: [&str; 9] = [
    "第六条　装修和改造",
    "一、乙方装修前应当将方案和图纸交甲方审阅。装修不得破坏房屋的主体和承重结构，不得封堵安全出口和疏散通道。",
    "二、乙方应当使用符合消防要求的材料，包厢采取隔声措施，使边界噪声符合国家规定的标准。",
    "三、乙方依法办理消防设计、施工和使用前检查的手续，所需费用由乙方承担，甲方提供必要的协助和资料。",
    "四、租赁期满，附着于房屋的装修归甲方所有，可以移动的设备由乙方带走。",
    "第七条　维修",
    "一、房屋主体结构、外墙、屋面和公共管道的维修由甲方负责，甲方应当在接到通知后七日内开始维修。",
    "二、乙方自行装修、增设部分的维修由乙方负责；因乙方使用不当造成损坏的，由乙方修复或者赔偿。",
    "三、维修影响乙方营业超过三日的，超过部分的租金按日减免。",
];

const PAGE_4: [&str; 9] = [
    "第八条　安全责任",
    "一、乙方是承租区域的消防安全责任人，应当配备消防器材，定期检查，每半年组织一次疏散演练。",
    "二、乙方的营业时间应当符合法律规定，每日凌晨二时至上午八时不得营业，并采取措施避免影响周边居民。",
    "三、核定人数以主管部门的许可为准，乙方不得超员接待。",
    "第九条　转租和转让",
    "一、未经甲方书面同意，乙方不得将房屋的全部或者部分转租、转借他人。",
    "二、甲方在租赁期内转让房屋的，应当提前三十日通知乙方，乙方在同等条件下有优先购买权；房屋所有权变动不影响本合同的效力。",
    "第十条　各项费用",
    "租赁期内的水费、电费、燃气费、通信费、物业管理费和垃圾处理费由乙方承担，按照实际发生的数额支付。",
];

const PAGE_5: [&str; 10] = [
    "第十一条　合同的变更和解除",
    "一、双方协商一致，可以变更或者解除本合同。",
    "二、乙方拖欠租金超过三十日，或者擅自改变房屋用途、结构，经甲方书面催告后十五日内仍不改正的，甲方可以解除合同。",
    "三、甲方迟延交付房屋超过三十日，或者房屋存在危及安全的缺陷的，乙方可以解除合同。",
    "四、因主管部门不予许可，致使乙方不能开办娱乐场所的，乙方可以解除合同，甲方退还押金和未使用期间的租金。",
    "第十二条　违约责任",
    "一方违反本合同的，应当赔偿对方因此受到的损失；因不可抗力不能履行合同的，根据影响部分或者全部免除责任。",
    "第十三条　争议的解决",
    "因本合同发生争议的，双方协商解决；协商不成的，向房屋所在地的人民法院提起诉讼。",
    "本合同未尽事宜，双方另行签订补充协议，补充协议与本合同具有同等效力。",
];

fn running(sheet: &mut Sheet, paragraphs: &[&str]) {
    let blocks: Vec<Block<'_>> = paragraphs
        .iter()
        .map(|text| if text.starts_with('第') { Block::Heading(text) } else { Block::Text(text) })
        .collect();
    flow(sheet, 30.0, LEADING_MM, &blocks);
}

fn signatures(sheet: &mut Sheet, cast: &Cast, options: &DrawOptions) {
    let company = &cast.company;
    let y = flow(
        sheet,
        30.0,
        LEADING_MM,
        &[
            Block::Heading("第十四条　其他"),
            Block::Text("一、本合同一式四份，甲乙双方各执一份，报房屋租赁登记备案机关一份，报娱乐场所许可机关一份。"),
            Block::Text("二、本合同的附件为房屋平面图和设施设备交接清单，与本合同具有同等效力。"),
            Block::Text("三、本合同自双方签名、盖章之日起生效。"),
            Block::Text("（以下无正文，为签署页）"),
        ],
    );
    sheet.text(30.0, y + 16.0, "甲方（盖章）：", Ink::song(4.2));
    sheet.paragraph(30.0, y + 26.0, 66.0, 7.0, &company.landlord, Ink::song(4.2));
    sign(sheet, 30.0, y + 52.0, "代表人：", "陆鸣", options);
    sheet.text(118.0, y + 16.0, "乙方（签名）：", Ink::song(4.2));
    sign(sheet, 118.0, y + 30.0, "签名：", &company.legal_representative.name, options);
    if !options.unsigned {
        sheet.seal((66.0, y + 36.0), 40.0, &company.landlord, "合同专用章");
    }
    let date = chinese_date(time::macros::date!(2026 - 11 - 07));
    sheet.text(30.0, y + 68.0, &format!("签订日期：{date}"), Ink::song(4.2));
    sheet.text(118.0, y + 68.0, &format!("签订日期：{date}"), Ink::song(4.2));
}
