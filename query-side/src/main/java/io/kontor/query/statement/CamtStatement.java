package io.kontor.query.statement;

import io.kontor.api.ledger.EntryKind;
import io.kontor.api.ledger.Posting;
import io.kontor.api.ledger.PostingDirection;
import io.kontor.api.money.Money;
import java.io.IOException;
import java.io.OutputStream;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.UUID;
import javax.xml.stream.XMLStreamException;

/**
 * ISO 20022 camt.053.001.08, Bank To Customer Statement. Ids of Kontor stand without hyphens, since
 * the schema allows 34 or 35 characters. The message is dated with the end of its period, so that
 * it is the same whenever it is written.
 */
final class CamtStatement implements StatementWriter {
  private static final String NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08";
  private static final int TEXT = 140;

  private final StatementHeading heading;
  private final XmlElements xml;

  CamtStatement(StatementHeading heading, OutputStream out) throws IOException {
    this.heading = heading;
    try {
      xml = new XmlElements(out);
      xml.root("Document", NAMESPACE);
      xml.start("BkToCstmrStmt");
      xml.start("GrpHdr");
      xml.text("MsgId", compact(heading.id()));
      xml.text("CreDtTm", time(heading.ends()));
      xml.end();
      xml.start("Stmt");
      xml.text("Id", compact(heading.id()));
      xml.text("CreDtTm", time(heading.ends()));
      xml.start("FrToDt");
      xml.text("FrDtTm", time(heading.begins()));
      xml.text("ToDtTm", time(heading.ends()));
      xml.end();
      account();
      balance("OPBD", heading.opening(), heading.from());
      balance("CLBD", heading.closing(), heading.lastDay());
      summary(heading.totals());
    } catch (XMLStreamException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void line(Posting line) throws IOException {
    try {
      xml.start("Ntry");
      xml.text("NtryRef", compact(line.id()));
      amount("Amt", line.amount());
      xml.text("CdtDbtInd", indicator(line.direction()));
      xml.start("Sts");
      xml.text("Cd", "BOOK");
      xml.end();
      day("BookgDt", heading.dayOf(line.bookedAt()));
      day("ValDt", heading.dayOf(line.bookedAt()));
      xml.text("AcctSvcrRef", compact(line.entryId()));
      transactionCode(line.kind(), line.direction());
      xml.start("NtryDtls");
      xml.start("TxDtls");
      xml.start("Refs");
      xml.text("AcctSvcrRef", compact(line.entryId()));
      xml.end();
      amount("Amt", line.amount());
      xml.text("CdtDbtInd", indicator(line.direction()));
      remittance(line.reference());
      xml.end();
      xml.end();
      xml.end();
    } catch (XMLStreamException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void end() throws IOException {
    try {
      xml.endDocument();
    } catch (XMLStreamException e) {
      throw new IOException(e);
    }
  }

  private void account() throws XMLStreamException {
    xml.start("Acct");
    xml.start("Id");
    xml.start("Othr");
    xml.text("Id", compact(heading.account()));
    xml.end();
    xml.end();
    xml.text("Ccy", heading.opening().currency());
    xml.start("Ownr");
    xml.text("Nm", XmlElements.first(heading.owner(), TEXT));
    xml.end();
    xml.start("Svcr");
    xml.start("FinInstnId");
    xml.text("Nm", XmlElements.first(heading.bank(), TEXT));
    xml.end();
    xml.end();
    xml.end();
  }

  private void balance(String type, Money balance, LocalDate day) throws XMLStreamException {
    xml.start("Bal");
    xml.start("Tp");
    xml.start("CdOrPrtry");
    xml.text("Cd", type);
    xml.end();
    xml.end();
    amount("Amt", balance);
    xml.text("CdtDbtInd", balance.isNegative() ? "DBIT" : "CRDT");
    day("Dt", day);
    xml.end();
  }

  private void summary(StatementTotals totals) throws XMLStreamException {
    xml.start("TxsSummry");
    xml.start("TtlNtries");
    xml.text("NbOfNtries", totals.lines());
    xml.end();
    sum("TtlCdtNtries", totals.credits(), totals.credited());
    sum("TtlDbtNtries", totals.debits(), totals.debited());
    xml.end();
  }

  private void sum(String name, long entries, Money sum) throws XMLStreamException {
    xml.start(name);
    xml.text("NbOfNtries", entries);
    xml.text("Sum", CamtAmount.of(sum));
    xml.end();
  }

  private void amount(String name, Money amount) throws XMLStreamException {
    xml.text(name, "Ccy", amount.currency().getCurrencyCode(), CamtAmount.of(amount));
  }

  private void day(String name, LocalDate day) throws XMLStreamException {
    xml.start(name);
    xml.text("Dt", day);
    xml.end();
  }

  /** The code of ISO's list where it has one, and always the kind that the ledger knows. */
  private void transactionCode(EntryKind kind, PostingDirection direction)
      throws XMLStreamException {
    xml.start("BkTxCd");
    switch (kind) {
      case DEPOSIT -> domain("CNTR", "CDPT");
      case WITHDRAWAL -> domain("CNTR", "CWDL");
      case TRANSFER -> domain(direction == PostingDirection.CREDIT ? "RCDT" : "ICDT", "BOOK");
      case CAPTURE, REFUND, RETURN, INTEREST, FEE -> {}
    }
    xml.start("Prtry");
    xml.text("Cd", kind);
    xml.text("Issr", "Kontor");
    xml.end();
    xml.end();
  }

  private void domain(String family, String subFamily) throws XMLStreamException {
    xml.start("Domn");
    xml.text("Cd", "PMNT");
    xml.start("Fmly");
    xml.text("Cd", family);
    xml.text("SubFmlyCd", subFamily);
    xml.end();
    xml.end();
  }

  private void remittance(String reference) throws XMLStreamException {
    if (!reference.isEmpty()) {
      xml.start("RmtInf");
      xml.text("Ustrd", XmlElements.first(reference, TEXT));
      xml.end();
    }
  }

  private static String indicator(PostingDirection direction) {
    return direction == PostingDirection.CREDIT ? "CRDT" : "DBIT";
  }

  /** With seconds, which {@code toString} leaves out at midnight and the schema requires. */
  private static String time(OffsetDateTime time) {
    return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time);
  }

  private static String compact(UUID id) {
    return id.toString().replace("-", "");
  }
}
