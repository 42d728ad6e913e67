/**
 * What the bank tells other systems, and what they may ask of it, as a public contract of its own.
 * The records here are not the domain's events and know nothing of them: events may change as the
 * bank does, while a published version stays as it is. No personal data and no free text.
 */
@NullMarked
package io.kontor.api.integration;

import org.jspecify.annotations.NullMarked;
