package io.kontor.query.statement;

import io.kontor.api.ledger.EntryKind;
import io.kontor.api.ledger.Posting;
import io.kontor.api.ledger.PostingDirection;
import io.kontor.api.money.Money;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.UUID;
import org.openpdf.text.Document;
import org.openpdf.text.DocumentException;
import org.openpdf.text.Element;
import org.openpdf.text.Font;
import org.openpdf.text.PageSize;
import org.openpdf.text.Paragraph;
import org.openpdf.text.Phrase;
import org.openpdf.text.Rectangle;
import org.openpdf.text.pdf.PdfDictionary;
import org.openpdf.text.pdf.PdfEncryption;
import org.openpdf.text.pdf.PdfName;
import org.openpdf.text.pdf.PdfPCell;
import org.openpdf.text.pdf.PdfPTable;
import org.openpdf.text.pdf.PdfString;
import org.openpdf.text.pdf.PdfWriter;

/** A statement on A4 pages. Its date and file id follow from the account and the period. */
final class PdfStatement implements StatementWriter {
  private static final float MARGIN = 50;
  private static final float PADDING = 3;
  private static final float GAP = 10;
  private static final int LINES_IN_MEMORY = 50;
  private static final DateTimeFormatter PDF_TIME =
      DateTimeFormatter.ofPattern("'D:'yyyyMMddHHmmss'Z'", Locale.ROOT);

  private final StatementHeading heading;
  private final StatementFonts fonts = new StatementFonts();
  private final Font small = fonts.regular(8);
  private final Font smallBold = fonts.bold(8);
  private final Document document = new Document(PageSize.A4, MARGIN, MARGIN, MARGIN, MARGIN);
  private final PdfPTable lines = table(11, 11, 44, 17, 17);
  private int unwritten;

  PdfStatement(StatementHeading heading, OutputStream out) throws IOException {
    this.heading = heading;
    try {
      PdfWriter writer = PdfWriter.getInstance(document, out);
      writer.setCloseStream(false);
      String account = "Account " + heading.account();
      writer.setPageEvent(new PdfPageNumbers(fonts.base(), account));
      document.addTitle("Account statement");
      document.open();
      mark(writer.getInfo());
      document.add(new Paragraph(fonts.printable(heading.bank()), fonts.bold(14)));
      document.add(new Paragraph("Account statement", fonts.regular(12)));
      document.add(particulars());
      beginLines();
    } catch (DocumentException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void line(Posting line) throws IOException {
    LocalDate day = heading.dayOf(line.bookedAt());
    text(lines, day.toString(), small);
    text(lines, day.toString(), small);
    text(lines, description(line), small);
    Money amount = line.amount();
    number(
        lines,
        line.direction() == PostingDirection.CREDIT ? amount.amount() : "-" + amount.amount(),
        small);
    number(lines, line.balanceAfter().amount(), small);
    unwritten++;
    if (unwritten == LINES_IN_MEMORY) {
      write(lines);
      lines.setSpacingBefore(0); // of the rows that follow
      unwritten = 0;
    }
  }

  @Override
  public void end() throws IOException {
    balance("Closing balance", heading.lastDay(), heading.closing());
    lines.setComplete(true);
    write(lines);
    write(totals());
    document.close();
  }

  private PdfPTable particulars() {
    PdfPTable particulars = table(20, 80);
    particulars.setSpacingBefore(GAP);
    particular(particulars, "Customer", heading.owner() + " (" + heading.customer() + ")");
    particular(particulars, "Account", heading.account().toString());
    particular(particulars, "Currency", heading.opening().currency().getCurrencyCode());
    particular(particulars, "Period", heading.from() + " to " + heading.lastDay());
    particular(particulars, "Opening balance", heading.opening().toString());
    particular(particulars, "Closing balance", heading.closing().toString());
    return particulars;
  }

  private void particular(PdfPTable particulars, String name, String value) {
    text(particulars, name, fonts.bold(9));
    text(particulars, value, fonts.regular(9));
  }

  private void beginLines() {
    lines.setSpacingBefore(GAP);
    lines.setComplete(false);
    lines.setHeaderRows(1);
    text(lines, "Booked", smallBold);
    text(lines, "Value date", smallBold);
    text(lines, "Text", smallBold);
    number(lines, "Amount", smallBold);
    number(lines, "Balance", smallBold);
    balance("Opening balance", heading.from(), heading.opening());
  }

  private void balance(String name, LocalDate day, Money balance) {
    text(lines, day.toString(), smallBold);
    text(lines, "", smallBold);
    text(lines, name, smallBold);
    number(lines, "", smallBold);
    number(lines, balance.amount(), smallBold);
  }

  private PdfPTable totals() {
    StatementTotals totals = heading.totals();
    PdfPTable table = table(20, 20, 60);
    table.setSpacingBefore(GAP);
    table.setKeepTogether(true);
    total(table, "Credits", totals.credits(), totals.credited());
    total(table, "Debits", totals.debits(), totals.debited());
    return table;
  }

  private void total(PdfPTable table, String name, long entries, Money sum) {
    text(table, name, smallBold);
    number(table, Long.toString(entries), small);
    number(table, sum.toString(), small);
  }

  private void text(PdfPTable table, String text, Font font) {
    table.addCell(cell(text, font, Element.ALIGN_LEFT));
  }

  private void number(PdfPTable table, String text, Font font) {
    table.addCell(cell(text, font, Element.ALIGN_RIGHT));
  }

  private PdfPCell cell(String text, Font font, int alignment) {
    PdfPCell cell = new PdfPCell(new Phrase(fonts.printable(text), font));
    cell.setBorder(Rectangle.BOTTOM);
    cell.setBorderWidth(0.25f);
    cell.setPadding(PADDING);
    cell.setHorizontalAlignment(alignment);
    return cell;
  }

  private void write(PdfPTable table) throws IOException {
    try {
      document.add(table);
    } catch (DocumentException e) {
      throw new IOException(e);
    }
  }

  private void mark(PdfDictionary info) {
    String date = PDF_TIME.format(heading.ends().withOffsetSameInstant(ZoneOffset.UTC));
    info.put(PdfName.CREATIONDATE, new PdfString(date));
    info.put(PdfName.MODDATE, new PdfString(date));
    UUID id = heading.id();
    byte[] bytes =
        ByteBuffer.allocate(2 * Long.BYTES)
            .putLong(id.getMostSignificantBits())
            .putLong(id.getLeastSignificantBits())
            .array();
    info.put(PdfName.FILEID, PdfEncryption.createInfoId(bytes, bytes));
  }

  private static String description(Posting line) {
    String kind = inWords(line.kind());
    return line.reference().isEmpty() ? kind : kind + ": " + line.reference();
  }

  private static String inWords(EntryKind kind) {
    return switch (kind) {
      case DEPOSIT -> "Deposit";
      case WITHDRAWAL -> "Withdrawal";
      case CAPTURE -> "Payment";
      case TRANSFER -> "Transfer";
      case REFUND -> "Refund";
      case RETURN -> "Returned payment";
      case INTEREST -> "Interest";
      case FEE -> "Fee";
    };
  }

  private static PdfPTable table(float... widths) {
    PdfPTable table = new PdfPTable(widths);
    table.setWidthPercentage(100);
    return table;
  }
}
