package io.kontor.query.statement;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.prowidesoftware.swift.model.mx.MxCamt05300108;
import com.prowidesoftware.swift.model.mx.dic.AccountStatement9;
import com.prowidesoftware.swift.model.mx.dic.CashBalance8;
import com.prowidesoftware.swift.model.mx.dic.CreditDebitCode;
import com.prowidesoftware.swift.model.mx.dic.EntryTransaction10;
import com.prowidesoftware.swift.model.mx.dic.ReportEntry10;
import io.kontor.api.ledger.EntryKind;
import io.kontor.api.ledger.Posting;
import io.kontor.api.ledger.PostingDirection;
import io.kontor.api.money.Money;
import io.kontor.job.queue.PermanentJobException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands in the documents, read by others' readers. */
@Tag("fast")
class StatementFormatTest {
  private static final UUID ACCOUNT = UUID.fromString("01900000-0000-7000-8000-00000000000a");
  private static final String OWNER = "Zoë Łukasiewicz-Ğül & Ζωή <Жанна>";
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  /** Of 31 March, since Berlin's summer time has begun. */
  private static final Instant LAST_EVENING = Instant.parse("2026-03-31T21:59:59.999Z");

  private final List<Posting> lines = new ArrayList<>();
  private Money balance = euro("-5.00");

  @Test
  void csvHasBothBalancesAndALineForEachPosting() throws IOException {
    book(EntryKind.DEPOSIT, PostingDirection.CREDIT, "100.00", "salary, March", LAST_EVENING);
    book(EntryKind.TRANSFER, PostingDirection.DEBIT, "30.50", "=cmd()", LAST_EVENING);
    String entry = lines.getFirst().entryId().toString();
    String second = lines.getLast().entryId().toString();
    assertThat(new String(document(StatementFormat.CSV), UTF_8))
        .isEqualTo(
            """
            account,bookingDate,valueDate,kind,reference,amount,currency,balance,entryId
            A,2026-03-01,2026-03-01,OPENING_BALANCE,,,EUR,-5.00,
            A,2026-03-31,2026-03-31,DEPOSIT,"salary, March",100.00,EUR,95.00,%s
            A,2026-03-31,2026-03-31,TRANSFER,'=cmd(),-30.50,EUR,64.50,%s
            A,2026-03-31,2026-03-31,CLOSING_BALANCE,,,EUR,64.50,
            """
                .formatted(entry, second)
                .replace("A,", ACCOUNT + ",")
                .replace("\n", "\r\n"));
  }

  @Test
  void camtIsReadBackFieldByField() throws IOException {
    book(EntryKind.DEPOSIT, PostingDirection.CREDIT, "100.00", "salary & <bonus>", LAST_EVENING);
    book(EntryKind.TRANSFER, PostingDirection.DEBIT, "130.50", "r".repeat(140), LAST_EVENING);
    book(EntryKind.CAPTURE, PostingDirection.DEBIT, "0.01", "", LAST_EVENING);
    var message =
        MxCamt05300108.parse(new String(document(StatementFormat.CAMT053), UTF_8))
            .getBkToCstmrStmt();
    OffsetDateTime begins = OffsetDateTime.parse("2026-03-01T00:00:00+01:00");
    OffsetDateTime ends = OffsetDateTime.parse("2026-04-01T00:00:00+02:00");
    assertThat(message.getGrpHdr().getCreDtTm().toInstant()).isEqualTo(ends.toInstant());
    AccountStatement9 statement = message.getStmt().getFirst();
    assertThat(statement.getId()).isEqualTo(message.getGrpHdr().getMsgId()).hasSize(32);
    assertThat(statement.getFrToDt().getFrDtTm().toInstant()).isEqualTo(begins.toInstant());
    assertThat(statement.getFrToDt().getToDtTm().toInstant()).isEqualTo(ends.toInstant());
    assertThat(statement.getAcct().getId().getOthr().getId()).isEqualTo(compact(ACCOUNT));
    assertThat(statement.getAcct().getCcy()).isEqualTo("EUR");
    assertThat(statement.getAcct().getOwnr().getNm()).isEqualTo(OWNER);
    assertThat(statement.getAcct().getSvcr().getFinInstnId().getNm()).isEqualTo("Acme Bank");
    assertBalance(statement.getBal().get(0), "OPBD", "5.00", CreditDebitCode.DBIT, 1);
    assertBalance(statement.getBal().get(1), "CLBD", "35.51", CreditDebitCode.DBIT, 31);
    var totals = statement.getTxsSummry();
    assertThat(totals.getTtlNtries().getNbOfNtries()).isEqualTo("3");
    assertThat(totals.getTtlCdtNtries().getNbOfNtries()).isEqualTo("1");
    assertThat(totals.getTtlCdtNtries().getSum()).isEqualByComparingTo("100.00");
    assertThat(totals.getTtlDbtNtries().getNbOfNtries()).isEqualTo("2");
    assertThat(totals.getTtlDbtNtries().getSum()).isEqualByComparingTo("130.51");
    assertThat(statement.getNtry()).hasSameSizeAs(lines);
    IntStream.range(0, lines.size())
        .forEach(line -> assertEntry(statement.getNtry().get(line), lines.get(line)));
    assertThat(statement.getNtry().getFirst().getBkTxCd().getDomn().getFmly().getSubFmlyCd())
        .isEqualTo("CDPT");
  }

  /** The reader's own writer follows the schema's order, and leaves out what it does not know. */
  @Test
  void camtHasTheElementsOfTheSchemaInTheirOrder() throws Exception {
    book(EntryKind.DEPOSIT, PostingDirection.CREDIT, "1.00", "in", LAST_EVENING);
    book(EntryKind.REFUND, PostingDirection.CREDIT, "1.00", "", LAST_EVENING);
    String written = new String(document(StatementFormat.CAMT053), UTF_8);
    assertThat(elements(written)).isEqualTo(elements(MxCamt05300108.parse(written).document()));
  }

  @Test
  void camtOfACurrencyWithoutMinorUnitsHasNoDecimals() throws IOException {
    balance = new Money(1_000, Money.currencyOf("JPY"));
    assertThat(new String(document(StatementFormat.CAMT053), UTF_8))
        .contains("<Amt Ccy=\"JPY\">1000</Amt>");
  }

  @Test
  void camtOfMoreDigitsThanTheSchemaAllowsIsRefused() {
    balance = new Money(Long.MAX_VALUE, Money.currencyOf("EUR"));
    assertThatThrownBy(() -> document(StatementFormat.CAMT053))
        .isInstanceOf(PermanentJobException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 1_000})
  void pdfHasAllLinesOnNumberedPagesWithItsOwnLetters(int many) throws IOException {
    for (int line = 1; line <= many; line++) {
      book(EntryKind.DEPOSIT, PostingDirection.CREDIT, "0.01", "no. " + line + ";", LAST_EVENING);
    }
    try (PDDocument pdf = Loader.loadPDF(document(StatementFormat.PDF))) {
      String text = new PDFTextStripper().getText(pdf);
      assertThat(text)
          .contains("Acme Bank", "Account statement", OWNER + " (cust-42)", ACCOUNT.toString())
          .contains("Period 2026-03-01 to 2026-03-31")
          .contains("Opening balance -5.00 EUR", "Closing balance " + balance)
          .contains("Credits " + many + " " + heading().totals().credited())
          .contains("Debits 0 0.00 EUR");
      assertThat(text.lines().filter(line -> line.contains("Deposit: no. "))).hasSize(many);
      assertThat(text).contains("Deposit: no. " + many + "; 0.01 " + balance.amount());
      int pages = pdf.getNumberOfPages();
      for (int page = 1; page <= pages; page++) {
        var onPage = new PDFTextStripper();
        onPage.setStartPage(page);
        onPage.setEndPage(page);
        assertThat(onPage.getText(pdf)).contains("Page %d of %d".formatted(page, pages));
      }
      for (PDPage page : pdf.getPages()) {
        for (var font : page.getResources().getFontNames()) {
          assertThat(page.getResources().getFont(font).isEmbedded()).isTrue();
        }
      }
    }
  }

  @Test
  void pdfShowsAQuestionMarkForALetterItLacks() throws IOException {
    book(EntryKind.DEPOSIT, PostingDirection.CREDIT, "0.01", "a中b", LAST_EVENING);
    try (PDDocument pdf = Loader.loadPDF(document(StatementFormat.PDF))) {
      assertThat(new PDFTextStripper().getText(pdf)).contains("Deposit: a?b");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSecondRunGivesTheSameBytes(StatementFormat format) throws IOException {
    book(EntryKind.DEPOSIT, PostingDirection.CREDIT, "1.00", "in", LAST_EVENING);
    assertThat(document(format)).isEqualTo(document(format));
  }

  @Test
  void linesThatAreNotTheDifferenceOfTheBalancesAreAnError() {
    book(EntryKind.DEPOSIT, PostingDirection.CREDIT, "1.00", "in", LAST_EVENING);
    book(EntryKind.DEPOSIT, PostingDirection.CREDIT, "2.00", "in", LAST_EVENING);
    var withoutTheLast = new StatementBalance(heading());
    withoutTheLast.add(lines.getFirst());
    assertThatThrownBy(withoutTheLast::requireComplete).isInstanceOf(IllegalStateException.class);
    var withoutTheFirst = new StatementBalance(heading());
    assertThatThrownBy(() -> withoutTheFirst.add(lines.getLast()))
        .isInstanceOf(IllegalStateException.class);
  }

  private void book(
      EntryKind kind, PostingDirection direction, String amount, String reference, Instant at) {
    Money money = euro(amount);
    balance = direction == PostingDirection.CREDIT ? balance.plus(money) : balance.minus(money);
    lines.add(
        new Posting(
            new UUID(1, lines.size()),
            new UUID(2, lines.size()),
            at,
            direction,
            money,
            balance,
            reference,
            kind,
            lines.size()));
  }

  private StatementHeading heading() {
    Money zero = Money.zero(balance.currency());
    var totals = new StatementTotals(0, zero, 0, zero);
    for (Posting line : lines) {
      totals = totals.plus(line);
    }
    return new StatementHeading(
        "Acme Bank",
        ACCOUNT,
        "cust-42",
        OWNER,
        LocalDate.parse("2026-03-01"),
        LocalDate.parse("2026-04-01"),
        BERLIN,
        balance.minus(totals.credited()).plus(totals.debited()),
        balance,
        totals);
  }

  private byte[] document(StatementFormat format) throws IOException {
    var out = new ByteArrayOutputStream();
    StatementWriter writer = format.writer(heading(), out);
    for (Posting line : lines) {
      writer.line(line);
    }
    writer.end();
    return out.toByteArray();
  }

  private static void assertBalance(
      CashBalance8 read, String type, String amount, CreditDebitCode sign, int day) {
    assertThat(read.getTp().getCdOrPrtry().getCd()).isEqualTo(type);
    assertThat(read.getAmt().getValue()).isEqualTo(new BigDecimal(amount));
    assertThat(read.getAmt().getCcy()).isEqualTo("EUR");
    assertThat(read.getCdtDbtInd()).isEqualTo(sign);
    assertThat(read.getDt().getDt()).isEqualTo(LocalDate.of(2026, 3, day));
  }

  private static void assertEntry(ReportEntry10 read, Posting line) {
    CreditDebitCode sign =
        line.direction() == PostingDirection.CREDIT ? CreditDebitCode.CRDT : CreditDebitCode.DBIT;
    assertThat(read.getNtryRef()).isEqualTo(compact(line.id()));
    assertThat(read.getAmt().getValue()).isEqualTo(new BigDecimal(line.amount().amount()));
    assertThat(read.getAmt().getCcy()).isEqualTo("EUR");
    assertThat(read.getCdtDbtInd()).isEqualTo(sign);
    assertThat(read.getSts().getCd()).isEqualTo("BOOK");
    assertThat(read.getBookgDt().getDt()).isEqualTo(LocalDate.of(2026, 3, 31));
    assertThat(read.getValDt().getDt()).isEqualTo(LocalDate.of(2026, 3, 31));
    assertThat(read.getAcctSvcrRef()).isEqualTo(compact(line.entryId()));
    assertThat(read.getBkTxCd().getPrtry().getCd()).isEqualTo(line.kind().name());
    EntryTransaction10 details = read.getNtryDtls().getFirst().getTxDtls().getFirst();
    assertThat(details.getRefs().getAcctSvcrRef()).isEqualTo(compact(line.entryId()));
    assertThat(details.getAmt().getValue()).isEqualTo(read.getAmt().getValue());
    assertThat(details.getCdtDbtInd()).isEqualTo(sign);
    if (line.reference().isEmpty()) {
      assertThat(details.getRmtInf()).isNull();
    } else {
      assertThat(details.getRmtInf().getUstrd()).containsExactly(line.reference());
    }
  }

  private static List<String> elements(String xml) throws XMLStreamException {
    XMLStreamReader reader =
        XMLInputFactory.newDefaultFactory().createXMLStreamReader(new StringReader(xml));
    List<String> elements = new ArrayList<>();
    while (reader.hasNext()) {
      int event = reader.next();
      if (event == XMLStreamReader.START_ELEMENT) {
        elements.add(reader.getNamespaceURI() + " " + reader.getLocalName());
      } else if (event == XMLStreamReader.END_ELEMENT) {
        elements.add("end of " + reader.getLocalName());
      }
    }
    return elements;
  }

  private static Money euro(String amount) {
    return Money.of(amount, "EUR");
  }

  private static String compact(UUID id) {
    return id.toString().replace("-", "");
  }
}
