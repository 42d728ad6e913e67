/**
 * Personal data that can be erased: encrypted with a key per data subject, readable as long as that
 * key exists. It depends only on subjects by name, not on accounts or customers.
 */
@NullMarked
package io.kontor.personaldata;

import org.jspecify.annotations.NullMarked;
