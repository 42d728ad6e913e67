package io.kontor.query.statement;

import java.io.IOException;
import java.io.OutputStream;
import org.springframework.http.MediaType;

/** The formats of a statement. */
enum StatementFormat {
  /** RFC 4180 in UTF-8: a line for the opening balance, each posting and the closing balance. */
  CSV("text/csv;charset=UTF-8", "csv") {
    @Override
    StatementWriter writer(StatementHeading heading, OutputStream out) throws IOException {
      return new CsvStatement(heading, out);
    }
  },
  /** ISO 20022 camt.053.001.08, for accounting software. */
  CAMT053(MediaType.APPLICATION_XML_VALUE, "xml") {
    @Override
    StatementWriter writer(StatementHeading heading, OutputStream out) throws IOException {
      return new CamtStatement(heading, out);
    }
  },
  /** For people. */
  PDF(MediaType.APPLICATION_PDF_VALUE, "pdf") {
    @Override
    StatementWriter writer(StatementHeading heading, OutputStream out) throws IOException {
      return new PdfStatement(heading, out);
    }
  };

  private final String mediaType;
  private final String extension;

  StatementFormat(String mediaType, String extension) {
    this.mediaType = mediaType;
    this.extension = extension;
  }

  MediaType mediaType() {
    return MediaType.parseMediaType(mediaType);
  }

  /** The last part of a file's name. */
  String extension() {
    return extension;
  }

  /** A writer that has written the heading. */
  abstract StatementWriter writer(StatementHeading heading, OutputStream out) throws IOException;
}
