package io.kontor.query.statement;

import java.io.OutputStream;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Elements of one namespace, written in their order. */
final class XmlElements {
  private static final int REPLACEMENT = 0xFFFD;

  private final XMLStreamWriter xml;

  XmlElements(OutputStream out) throws XMLStreamException {
    xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(out, "UTF-8");
  }

  void root(String name, String namespace) throws XMLStreamException {
    xml.writeStartDocument("UTF-8", "1.0");
    xml.writeStartElement(name);
    xml.writeDefaultNamespace(namespace);
  }

  void start(String name) throws XMLStreamException {
    xml.writeStartElement(name);
  }

  void end() throws XMLStreamException {
    xml.writeEndElement();
  }

  void text(String name, Object value) throws XMLStreamException {
    xml.writeStartElement(name);
    xml.writeCharacters(allowed(value.toString()));
    xml.writeEndElement();
  }

  void text(String name, String attribute, String attributeValue, String value)
      throws XMLStreamException {
    xml.writeStartElement(name);
    xml.writeAttribute(attribute, attributeValue);
    xml.writeCharacters(value);
    xml.writeEndElement();
  }

  void endDocument() throws XMLStreamException {
    xml.writeEndDocument();
    xml.flush();
  }

  /** The first characters, as people count them: code points. */
  static String first(String text, int most) {
    return text.codePointCount(0, text.length()) <= most
        ? text
        : text.substring(0, text.offsetByCodePoints(0, most));
  }

  /** Old events may have characters that XML 1.0 can't express at all. */
  private static String allowed(String text) {
    return text.codePoints().allMatch(XmlElements::isAllowed)
        ? text
        : text.codePoints()
            .map(character -> isAllowed(character) ? character : REPLACEMENT)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
  }

  private static boolean isAllowed(int character) {
    return character >= 0x20
        ? character <= 0xD7FF
            || (character >= 0xE000 && character <= 0xFFFD)
            || character >= 0x10000
        : character == '\t' || character == '\n' || character == '\r';
  }
}
