"""Is this coverage of international science and technology cooperation?"""
