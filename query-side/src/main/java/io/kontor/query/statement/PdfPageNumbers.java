package io.kontor.query.statement;

import org.jspecify.annotations.Nullable;
import org.openpdf.text.Document;
import org.openpdf.text.pdf.BaseFont;
import org.openpdf.text.pdf.PdfContentByte;
import org.openpdf.text.pdf.PdfPageEventHelper;
import org.openpdf.text.pdf.PdfTemplate;
import org.openpdf.text.pdf.PdfWriter;

/**
 * The last line of each page: what the document is, and "Page x of y". All pages refer to one place
 * for the number of pages, which is filled when the document ends.
 */
final class PdfPageNumbers extends PdfPageEventHelper {
  private static final float SIZE = 8;
  private static final float ABOVE_THE_EDGE = 28;

  /** Of the place for the number of pages: digits reach a little below their line. */
  private static final float BELOW_THE_LINE = 3;

  private static final String WIDEST = "000000";

  private final BaseFont font;
  private final String name;
  private @Nullable PdfTemplate pages;

  PdfPageNumbers(BaseFont font, String name) {
    this.font = font;
    this.name = name;
  }

  @Override
  public void onOpenDocument(PdfWriter writer, Document document) {
    pages =
        writer
            .getDirectContent()
            .createTemplate(font.getWidthPoint(WIDEST, SIZE), font.getWidthPoint("M", SIZE) * 2);
  }

  @Override
  public void onEndPage(PdfWriter writer, Document document) {
    PdfContentByte content = writer.getDirectContent();
    String page = "Page " + writer.getPageNumber() + " of ";
    float right = document.right() - font.getWidthPoint(WIDEST, SIZE);
    float left = right - font.getWidthPoint(page, SIZE);
    show(content, name, document.left());
    show(content, page, left);
    if (pages != null) {
      content.addTemplate(pages, right, ABOVE_THE_EDGE - BELOW_THE_LINE);
    }
  }

  @Override
  public void onCloseDocument(PdfWriter writer, Document document) {
    if (pages != null) {
      pages.beginText();
      pages.setFontAndSize(font, SIZE);
      pages.setTextMatrix(0, BELOW_THE_LINE);
      pages.showText(Integer.toString(writer.getPageNumber() - 1));
      pages.endText();
    }
  }

  private void show(PdfContentByte content, String text, float left) {
    content.beginText();
    content.setFontAndSize(font, SIZE);
    content.setTextMatrix(left, ABOVE_THE_EDGE);
    content.showText(text);
    content.endText();
  }
}
