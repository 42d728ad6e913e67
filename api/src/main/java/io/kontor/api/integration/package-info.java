/**
 * The public contract with other systems: published events and inbound payments. These records do
 * not depend on the domain's events: those may change, a published version does not. No personal
 * data and no free text.
 */
@NullMarked
package io.kontor.api.integration;

import org.jspecify.annotations.NullMarked;
