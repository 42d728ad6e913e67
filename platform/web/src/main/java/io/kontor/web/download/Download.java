package io.kontor.web.download;

import io.kontor.web.problem.IncompleteResponseException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

/** A document that is sent while it is written, so its size costs no memory. */
public final class Download {
  private static final Logger LOG = LoggerFactory.getLogger(Download.class);

  private Download() {}

  /** Writes the document. */
  @FunctionalInterface
  public interface Document {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Sends a document.
   *
   * @param fileName of letters, digits, points and hyphens
   * @throws IncompleteResponseException if it fails after its first bytes were sent; a failure
   *     before that is thrown as it is, and may still be answered
   */
  public static void send(
      HttpServletResponse response, MediaType type, String fileName, Document document)
      throws IOException {
    response.setContentType(type.toString());
    response.setHeader(
        HttpHeaders.CONTENT_DISPOSITION,
        ContentDisposition.attachment().filename(fileName).build().toString());
    try {
      document.writeTo(response.getOutputStream());
    } catch (IOException | RuntimeException failure) {
      if (response.isCommitted()) {
        LOG.warn("download incomplete file={} cause={}", fileName, failure.toString());
        throw new IncompleteResponseException(failure);
      }
      response.resetBuffer();
      response.setHeader(HttpHeaders.CONTENT_DISPOSITION, null);
      throw failure;
    }
  }
}
